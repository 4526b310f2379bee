import {expect} from 'vitest';
import type {Bed} from './bed.js';
import {Choices} from './choices.js';
import {type Explained, explained} from './explained.js';
import {iptablesRules} from './iptables-rules.js';
import {type Monitor, startMonitor} from './monitor.js';
import {load, must} from './namespaces.js';
import {nftRules} from './nft-rules.js';
import {packets, type Sent} from './packets.js';
import {routing} from './routing.js';
import {containers, type PlaceName} from './topology.js';
import type {Role, Window} from './trace.js';
import {tracing} from './tracing.js';
import {snapshotOf} from './world.js';

export interface Totals {
	/** Requests sent. */
	packets: number;
	/** Packets (requests, answers, later ones) compared in some namespace. */
	compared: number;
	undetermined: number;
	answered: number;
	stopped: number;
}

/** One seed: loads random rules and routes, sends requests, and holds what the walk says against what the kernel did. */
export async function round(bed: Bed, seed: number, totals: Totals): Promise<void> {
	const choices = new Choices(seed);
	await bed.clear();
	const ruled: PlaceName[] = ['host', ...(Object.keys(containers) as PlaceName[]).filter(() => choices.chance(4))];
	const made = routing(choices);
	await bed.route(made);
	const loaded: string[] = [JSON.stringify(made)];
	for (const place of ruled) loaded.push(`--- ${place}`, await loadRules(bed, place, choices));
	const snapshot = snapshotOf(await bed.facts(ruled));
	for (const place of ruled) await must([...bed.enter[place], 'nft', '-f', '-'], tracing(place));
	const monitors = new Map<PlaceName, Monitor>();
	for (const place of ruled) monitors.set(place, await startMonitor(bed.enter[place], bed.agents[place]));
	const sent = packets(choices, 12, 20_000 + (seed % 1000) * 12);
	const results: {one: Sent; walk: Explained; reached: boolean}[] = [];
	for (const one of sent) {
		const walk = explained(snapshot, one);
		for (const monitor of monitors.values()) await monitor.next();
		results.push({one, walk, reached: await bed.agents[one.from].ask(one, walk.answered ? 900 : 25)});
	}
	const seen = new Map<PlaceName, Window[]>();
	for (const [place, monitor] of monitors) seen.set(place, await monitor.stop());
	for (const [index, {one, walk, reached}] of results.entries()) {
		const windows = new Map([...seen].map(([place, list]) => [place, list[index] ?? {}]));
		compare(one, walk, reached, windows, totals, () => report(seed, one, walk, windows, loaded));
	}
}

async function loadRules(bed: Bed, place: PlaceName, choices: Choices): Promise<string> {
	const kind = place === 'host' ? 'host' : 'container';
	const texts = [];
	if (choices.below(5) > 0) texts.push(await load([...bed.enter[place], 'nft', '-f', '-'], nftRules(choices, kind)));
	for (const family of [4, 6] as const) {
		const program = family === 4 ? 'iptables-nft-restore' : 'ip6tables-nft-restore';
		if (choices.below(3) > 0) texts.push(await load([...bed.enter[place], program], iptablesRules(choices, family)));
	}
	return texts.join('\n');
}

type Windows = Map<PlaceName, Window>;

function compare(one: Sent, walk: Explained, reached: boolean, windows: Windows, totals: Totals, context: () => string): void {
	totals.packets++;
	for (const [role, told] of Object.entries(walk.told) as [Role, NonNullable<Explained['told'][Role]>][]) {
		if (told.verdict === 'undetermined') totals.undetermined++;
		if (told.verdict === 'blocks') totals.stopped++;
		expect(told.verdict === 'undetermined' ? told.stop : null, context()).toBe(null);
		for (const [place, window] of windows) {
			const kernel = window[role];
			const mine = told.in[place];
			if (!kernel && !mine) continue;
			totals.compared++;
			const met = kernel?.rules ?? [];
			// What is sent elsewhere on purpose goes on from there: that it does not arrive is what the walk says.
			const elsewhere = told.stop?.cause === 'misrouted';
			expect(elsewhere ? met.slice(0, mine?.rules.length ?? 0) : met, `${role} in ${place}\n${context()}`).toEqual(mine?.rules ?? []);
			if (elsewhere) continue;
			const stopsHere =
				told.verdict === 'blocks' && told.stop?.of === place && told.stop.kind === 'netfilter' && told.stop.name !== 'answer';
			expect(kernel?.droppedIn ?? null, `${role} in ${place}\n${context()}`).toEqual(stopsHere ? expect.any(String) : null);
			const tuples = mine?.tuples ?? [];
			const compared = told.verdict === 'blocks' ? tuples.slice(0, kernel?.tuples.length ?? 0) : tuples;
			if (kernel) expect(kernel.tuples, `${role} in ${place}\n${context()}`).toEqual(compared);
		}
	}
	if (walk.answered !== null) expect(reached, context()).toBe(walk.answered);
	if (reached) totals.answered++;
	void one;
}

function report(seed: number, one: Sent, walk: Explained, windows: Windows, loaded: string[]): string {
	const told = Object.entries(walk.told).flatMap(([role, {lines, verdict, stop}]) => [
		`## ${role}: ${verdict} ${JSON.stringify(stop)}`,
		...lines,
	]);
	const kernel = [...windows].flatMap(([place, window]) =>
		Object.entries(window).flatMap(([role, packet]) => [`## kernel: ${role} in ${place}`, ...packet.lines]),
	);
	return [`seed ${seed}: ${JSON.stringify(one)}`, ...told, ...kernel, ...(process.env.DOCKHOP_SHOW_RULES ? loaded : [])].join('\n');
}
