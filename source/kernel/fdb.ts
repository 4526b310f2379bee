import type {FdbEntry, Group} from '../model/index.js';
import {parseRecords, requiredText, textOf, textsOf} from './json.js';
import {readProgram} from './program.js';

/** The forwarding databases of all bridges and vxlan links of a network namespace (bridge(8)). */
export function readFdb(enter: readonly string[]): Promise<Group<FdbEntry[]>> {
	return readProgram(enter, ['bridge', '-j', 'fdb', 'show'], parseFdb);
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
