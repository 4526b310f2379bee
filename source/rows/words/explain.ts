import {pages} from '../../diagnosis/faults/pages.js';
import {faults} from '../../diagnosis/faults.js';
import {probedFaults} from '../../diagnosis/probed.js';
import {causeIds, hopKinds, unknownIds} from '../../model/index.js';
import {causeWords} from './causes.js';
import {driverWords} from './drivers.js';
import type {Entry} from './entry.js';
import {hopKindWords} from './hop-kinds.js';
import {unknownWords} from './unknowns.js';

/** Where the page of an entry is: docs/SHELF/ID.md */
export type Shelf = 'causes' | 'findings' | 'unknowns' | 'hops' | 'drivers';

export interface Explained {
	shelf: Shelf;
	id: string;
	entry: Entry;
}

/** Everything that `dockhop explain` knows, in the order of the lists. */
export function everythingExplained(): Explained[] {
	return [
		...hopKinds.map((id): Explained => ({shelf: 'hops', id, entry: hopKindWords[id]})),
		...Object.entries(driverWords).map(([id, entry]): Explained => ({shelf: 'drivers', id, entry})),
		...causeIds.map((id): Explained => ({shelf: 'causes', id, entry: causeWords[id]})),
		...[...faults, ...probedFaults, ...pages].flatMap(({id, words}): Explained[] => (words ? [{shelf: 'findings', id, entry: words}] : [])),
		...unknownIds.map((id): Explained => ({shelf: 'unknowns', id, entry: unknownWords[id]})),
	];
}

/** All entries of that name (`bridge` is a hop and a driver); empty where there is none. */
export function explained(name: string): Explained[] {
	const wanted = name === 'null' ? 'none' : name.toLowerCase();
	return everythingExplained().filter(({id}) => id === wanted);
}

/** One entry as lines for a terminal. */
export function entryLines({shelf, id, entry}: Explained): string[] {
	return [
		`${id}: ${entry.title}  (${shelfWords[shelf]})`,
		'',
		...[entry.about, ...entry.more].map(text => `  ${text}`),
		...section(
			'See it',
			entry.see.flatMap(([command, shows]) => [command, `  ${shows}`]),
		),
		...section('To do', entry.todo),
	];
}

export const shelfWords: Record<Shelf, string> = {
	hops: 'a place on the way',
	drivers: 'a kind of network',
	causes: 'why a request stops',
	findings: 'a fault that the diagnosis knows',
	unknowns: 'why something cannot be told',
};

function section(title: string, items: string[]): string[] {
	return items.length === 0 ? [] : ['', `  ${title}`, ...items.map(item => `    ${item}`)];
}
