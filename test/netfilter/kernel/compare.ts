import {expect} from 'vitest';
import {Coverage} from './coverage.js';
import type {Explained, InPlace, Told} from './explained.js';
import type {Sent} from './packets.js';
import type {PlaceName} from './topology.js';
import type {Role, Seen, Window} from './trace.js';

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

/** Holds what the walk says of one request against what the kernel did. */
export type Compare = (one: Sent, walk: Explained, reached: boolean, windows: Windows, totals: Totals, about: string) => void;

/** One packet of a request in one namespace: what the walk says of it there, and what the kernel shows. */
export interface Spot {
	told: Told;
	place: PlaceName;
	mine: InPlace | undefined;
	kernel: Seen | undefined;
	/** Everything about it, for a failing test. */
	where(): string;
}

/** How strictly they are held against each other. */
export interface How {
	/** What is told of a packet's end. */
	packet(told: Told, context: () => string): void;
	/** Rules and end in one place. */
	place(spot: Spot): void;
}

/** Goes through every packet of a request, place by place. That an answer came is held in any case. */
export function comparing({packet, place}: How): Compare {
	return (one, walk, reached, windows, totals, about) => {
		const context = () => report(one, walk, windows, about);
		totals.packets++;
		for (const [role, told] of Object.entries(walk.told) as [Role, Told][]) {
			if (told.verdict === 'undetermined') totals.undetermined++;
			if (told.verdict === 'blocks') totals.stopped++;
			packet(told, context);
			for (const [name, window] of windows) {
				const kernel = window[role];
				const mine = told.in[name];
				if (!kernel && !mine) continue;
				totals.compared++;
				totals.protocols[one.proto] = (totals.protocols[one.proto] ?? 0) + 1;
				place({told, place: name, mine, kernel, where: () => `${role} in ${name}\n${context()}`});
			}
		}
		if (walk.answered !== null) expect(reached, context()).toBe(walk.answered);
		if (reached) totals.answered++;
		totals.coverage.add(walk);
	};
}

/** Everything is told, rule by rule. */
export const compare = comparing({
	packet: isTold,
	place(spot) {
		const {told, mine, kernel, where} = spot;
		const met = kernel?.rules ?? [];
		expect(isElsewhere(told) ? met.slice(0, mine?.rules.length ?? 0) : met, where()).toEqual(mine?.rules ?? []);
		if (!isElsewhere(told)) holdEnd(spot);
	},
});

export function isTold(told: Told, context: () => string): void {
	expect(told.verdict === 'undetermined' ? told.stop : null, context()).toBe(null);
}

/** What is sent elsewhere on purpose goes on from there: that it does not arrive is what the walk says. */
export function isElsewhere({stop}: Told): boolean {
	return stop?.cause === 'misrouted';
}

/** The packet is dropped here where the walk says so, and nowhere else; and on its way it has the addresses that the walk says. */
export function holdEnd(spot: Spot): void {
	holdDrop(spot);
	const {told, mine, kernel, where} = spot;
	const tuples = mine?.tuples ?? [];
	// The walk goes on behind a drop; the kernel does not.
	if (kernel) expect(kernel.tuples, where()).toEqual(told.verdict === 'blocks' ? tuples.slice(0, kernel.tuples.length) : tuples);
}

export function holdDrop({told, place, kernel, where}: Spot): void {
	const stopsHere = told.verdict === 'blocks' && told.stop?.of === place && told.stop.kind === 'netfilter' && told.stop.name !== 'answer';
	expect(kernel?.droppedIn ?? null, where()).toEqual(stopsHere ? expect.any(String) : null);
}

function report(one: Sent, walk: Explained, windows: Windows, about: string): string {
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
