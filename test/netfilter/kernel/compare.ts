import {expect} from 'vitest';
import {Coverage} from './coverage.js';
import type {Explained} from './explained.js';
import type {Sent} from './packets.js';
import type {PlaceName} from './topology.js';
import type {Role, Window} from './trace.js';

export interface Totals {
	/** Requests sent. */
	packets: number;
	/** Packets (requests, answers, later ones) compared in some namespace. */
	compared: number;
	undetermined: number;
	answered: number;
	stopped: number;
	/** Of the packets compared, those of each protocol. */
	protocols: Record<string, number>;
	coverage: Coverage;
}

export function noTotals(): Totals {
	return {packets: 0, compared: 0, undetermined: 0, answered: 0, stopped: 0, protocols: {}, coverage: new Coverage()};
}

export type Windows = Map<PlaceName, Window>;
export type Compare = typeof compare;

/** Holds what the walk says of one request against what the kernel did, namespace by namespace. */
export function compare(one: Sent, walk: Explained, reached: boolean, windows: Windows, totals: Totals, about: string): void {
	const context = () => report(one, walk, windows, about);
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
			totals.protocols[one.proto] = (totals.protocols[one.proto] ?? 0) + 1;
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
	totals.coverage.add(walk);
}

export function report(one: Sent, walk: Explained, windows: Windows, about: string): string {
	const told = Object.entries(walk.told).flatMap(([role, {lines, verdict, stop}]) => [
		`## ${role}: ${verdict} ${JSON.stringify(stop)}`,
		...lines,
	]);
	const kernel = [...windows].flatMap(([place, window]) =>
		Object.entries(window).flatMap(([role, packet]) => [`## kernel: ${role} in ${place}`, ...packet.lines]),
	);
	const [title, ...rest] = about.split('\n');
	return [`${title}: ${JSON.stringify(one)}`, ...told, ...kernel, ...rest].join('\n');
}
