import type {Finding, Path, Snapshot} from '../model/index.js';
import type {Fault} from './fault.js';
import {faults} from './faults.js';
import {remedyFor} from './remedies.js';
import {type Stop, stopsOf} from './stop.js';

/**
 * Why a path does not arrive, and what to do: one finding for every hop that blocks, what decides first (error), then what would stop
 * it if that were mended (warning). Its id is a named fault's where the evidence says more than the hop, else the hop's cause. A path that arrives
 * may have findings too: what will stop other requests on the same way.
 */
export function diagnose(snapshot: Snapshot, path: Path): Finding[] {
	const found = stopsOf(snapshot, path).map(findingAt);
	// What mends the first mends the other: it is one fault, met twice.
	const stops = found.filter((one, index) => !found.slice(0, index).some(({id, remedy}) => id === one.id && remedy === one.remedy));
	const remarks = faults.flatMap(fault => fault.onPath?.(snapshot, path) ?? []);
	return [...stops, ...remarks.filter(one => !stops.some(stop => stop.id === one.id))];
}

function findingAt(stop: Stop): Finding {
	const {hop, index, decides} = stop;
	const named = firstNamed(stop);
	// What decides comes first: the rule that drops, before those that led there.
	const decidingFirst = hop.evidence.toSorted((a, b) => Number(b.command === hop.command) - Number(a.command === hop.command));
	const evidence = [...decidingFirst, ...(named?.saying.evidence ?? [])];
	return {
		id: named?.fault.id ?? hop.cause ?? 'stops',
		severity: decides ? 'error' : 'warning',
		hop: index,
		summary: named?.saying.summary ?? sentence(stop),
		remedy: named?.saying.remedy ?? remedyFor(stop),
		evidence,
	};
}

/** The hop's own words, with the container that it is in where they do not name it. */
function sentence({hop: {of, says, name}}: Stop): string {
	const words = says || `${name} stops it`;
	return of === null || words.includes(of) ? words : `${of}: ${words}`;
}

/** The first named fault that speaks; the list is in the order in which one hides the other. */
function firstNamed(stop: Stop): {fault: Fault; saying: NonNullable<ReturnType<NonNullable<Fault['atStop']>>>} | null {
	for (const fault of faults) {
		const saying = fault.atStop?.(stop);
		if (saying) return {fault, saying};
	}
	return null;
}
