import type {Group, Neighbour} from '../model/index.js';
import {parseRecords, requiredText, textOf, textsOf} from './json.js';
import {readProgram} from './program.js';

/** The ARP and ND tables of a network namespace (ip-neighbour(8)), without the entries that were never resolved by either. */
export function readNeighbours(enter: readonly string[]): Promise<Group<Neighbour[]>> {
	return readProgram(enter, ['ip', '-j', 'neigh'], parseNeighbours);
}

/** What `ip -j neigh` printed. Throws where that is no list of neighbours. */
export function parseNeighbours(text: string): Neighbour[] {
	return parseRecords(text).map(fields => ({
		dev: requiredText(fields, 'dev'),
		address: requiredText(fields, 'dst'),
		mac: textOf(fields, 'lladdr'),
		states: textsOf(fields, 'state'),
	}));
}
