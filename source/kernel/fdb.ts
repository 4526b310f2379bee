import type {FdbEntry, Group, Link} from '../model/index.js';
import {parseRecords, requiredText, textOf, textsOf} from './json.js';
import {readProgram} from './program.js';

/** The forwarding databases of all bridges and vxlan links of a network namespace (bridge(8)). */
export function readFdb(enter: readonly string[]): Promise<Group<FdbEntry[]>> {
	return readProgram(enter, ['bridge', '-j', 'fdb', 'show'], parseFdb);
}

/** The same where the links are known: without one that has such a database (no bridge, no vxlan) there is nothing to ask for. */
export async function readFdbOf(enter: readonly string[], links: Group<Link[]>): Promise<Group<FdbEntry[]>> {
	const isNone = links.read && links.value.every(({kind, port}) => kind !== 'bridge' && kind !== 'vxlan' && port === null);
	return isNone ? {...links, value: []} : readFdb(enter);
}

/** What `bridge -j fdb show` printed. Throws where that is no list of entries. */
export function parseFdb(text: string): FdbEntry[] {
	return parseRecords(text).map(fields => ({
		mac: requiredText(fields, 'mac'),
		dev: requiredText(fields, 'ifname'),
		master: textOf(fields, 'master'),
		state: textOf(fields, 'state') ?? '',
		flags: textsOf(fields, 'flags'),
		dst: textOf(fields, 'dst'),
	}));
}
