import type {Bed} from './bed.js';
import {type Compare, compare, type Totals} from './compare.js';
import {type Explained, explained} from './explained.js';
import {type Monitor, startMonitor} from './monitor.js';
import {must} from './namespaces.js';
import type {Sent} from './packets.js';
import type {PlaceName} from './topology.js';
import type {Window} from './trace.js';
import {tracing} from './tracing.js';
import {snapshotOf} from './world.js';

/**
 * Sends requests through the rules that are loaded in some places, one after another, and holds what the walk says against what the
 * kernel did. `about`: what was loaded, for a failing test.
 */
export async function trial(
	bed: Bed,
	ruled: PlaceName[],
	sent: Sent[],
	totals: Totals,
	about: string,
	hold: Compare = compare,
): Promise<void> {
	const snapshot = snapshotOf(await bed.facts(ruled));
	for (const place of ruled) await must([...bed.enter[place], 'nft', '-f', '-'], tracing(place));
	const monitors = new Map<PlaceName, Monitor>();
	for (const place of ruled) monitors.set(place, await startMonitor(bed.enter[place], bed.agents[place]));
	const results: {one: Sent; walk: Explained; reached: boolean}[] = [];
	for (const one of sent) {
		const walk = explained(snapshot, one);
		for (const monitor of monitors.values()) await monitor.next(one.sport);
		results.push({one, walk, reached: await bed.agents[one.from].ask(one, patience(walk))});
	}
	const seen = new Map<PlaceName, Window[]>();
	for (const [place, monitor] of monitors) seen.set(place, await monitor.stop());
	for (const [index, {one, walk, reached}] of results.entries()) {
		const windows = new Map([...seen].map(([place, list]) => [place, list[index] ?? {}]));
		hold(one, walk, reached, windows, totals, about);
	}
}

/** How long an answer is waited for, in ms: also where it is lost on its way, it has to have been sent before the next request. */
function patience({answered, told}: Explained): number {
	return answered ? 900 : told.answer ? 250 : 25;
}
