import type {Gap, Hop, Path, Snapshot, Trace} from '../model/index.js';
import {type Newcomer, newcomerOf} from './newcomer.js';
import {places} from './trace-plan.js';

/**
 * The trace of whoever came, as that of the request which it turned out to be. Namespaces on its path that nobody could know of before are gaps:
 * they were not looked into.
 */
function settled(trace: Trace, {client, asked}: Newcomer, path: Path, snapshot: Snapshot): Trace {
	const {plan, sights} = trace;
	const more = places(path, snapshot).filter(({key}) => !plan.places.some(one => one.key === key));
	return {
		...trace,
		client,
		plan: {
			...plan,
			first: {proto: plan.first.proto, ports: [asked.port, asked.port], address: asked.address},
			proxied: path.hops.some(({kind}) => kind === 'proxy'),
			places: [...plan.places, ...more],
		},
		sights: [
			...sights,
			...more.map(({key, names}) => {
				const gap = unlooked(names[0] ?? key);
				return {place: key, packets: gap, rules: gap, conntrack: gap};
			}),
		],
	};
}

function unlooked(name: string): Gap {
	return {
		id: 'out-of-sight',
		why: `that ${name} would ask was not known before: its namespace was not looked into`,
		tell: `dockhop trace TARGET --from ${name}`,
	};
}

/** The hops of a path that every request to its target meets, whoever asks: where nobody came, or nobody knows who came. */
function commonEnd(path: Path, address: string | null): Path {
	const inTarget = (hop: Hop) => hop.where === 'container' || hop.where === 'process';
	const begin = path.hops.findLastIndex(hop => !inTarget(hop)) + 1;
	const {schema, to} = path;
	return {
		...{schema, from: {kind: 'any', name: 'any', address}, to, verdict: 'undetermined', blockedAt: null, lost: null, seenAs: null},
		...{assumptions: [], hops: path.hops.slice(begin).map(hop => ({...hop, connection: 1})), findings: [], reply: null, alternatives: []},
	};
}

/** How the request of whoever came is understood. */
export const anyone = {newcomer: newcomerOf, settled, common: commonEnd};
