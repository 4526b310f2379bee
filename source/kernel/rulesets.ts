import {readFile} from 'node:fs/promises';
import type {Group, Rulesets} from '../model/index.js';
import {splitDoor} from '../process/start.js';
import {cleanLines} from '../text/clean-lines.js';
import {lacksDevices, withDevices} from './chain-devices.js';
import type {Netns} from './identity.js';
import {orNothing, readProgram} from './program.js';
import {runReader} from './runner.js';
import {withoutSets, withoutTables} from './sparing.js';
import {type TableName, withFlags, withOneFlag} from './table-flags.js';

/**
 * Every packet filter's rules of a network namespace, as the programs print them. Both variants of iptables are asked by their
 * own names, since `iptables-save` is the one on this system and the other on the next. Nothing here creates a table, as
 * `iptables-legacy -S` would. `sparing`: tables of IPv6 and sets are asked for only where what was read before shows that there may be any.
 */
export async function readRulesets({enter, pid}: Netns, sparing = false): Promise<Rulesets> {
	const rules = readNft(enter);
	const readSets = () => readProgram(enter, ['ipset', 'save'], cleanLines, withoutModule);
	const [iptables, ip6tables, iptablesLegacy, ip6tablesLegacy, nft] = await Promise.all([
		readSaved(enter, 'iptables-nft-save', 'nf_tables'),
		(async () => (sparing && withoutTables(await rules, 'ip6')) || readSaved(enter, 'ip6tables-nft-save', 'nf_tables'))(),
		readLegacy(enter, 'iptables-legacy-save', `/proc/${pid}/net/ip_tables_names`),
		readLegacy(enter, 'ip6tables-legacy-save', `/proc/${pid}/net/ip6_tables_names`),
		rules,
	]);
	const ipsets = (sparing && withoutSets([iptables, ip6tables, iptablesLegacy, ip6tablesLegacy], nft)) || (await readSets());
	return {iptables, ip6tables, iptablesLegacy, ip6tablesLegacy, nft, ipsets};
}

/**
 * Rules of nft. Where it leaves out which devices chains belong to, or may have a table's flag wrong, its plain list is asked. A table may be gone
 * by then (a trace's own ends with its program): all is read again then, `tries` times.
 */
async function readNft(enter: readonly string[], tries = 3): Promise<Group<string>> {
	let oneFlag: TableName[] = [];
	let rules = await readProgram(
		enter,
		['nft', '-j', 'list', 'ruleset'],
		text => {
			const json = cleanLines(text || '{"nftables": []}');
			oneFlag = withOneFlag(json);
			return json;
		},
		withoutModule,
	);
	for (const table of oneFlag) {
		rules = await corrected(enter, rules, ['-t', 'list', 'table', ...table], (json, text) => withFlags(json, table, text));
		if (!rules.read && tries > 1) return readNft(enter, tries - 1);
	}
	if (!rules.read || !lacksDevices(rules.value)) return rules;
	const chains = await corrected(enter, rules, ['list', 'chains'], withDevices);
	return chains.read ? chains : rules;
}

/** Rules with what nft's plain list says of them; a gap where that cannot be read. */
async function corrected(
	enter: readonly string[],
	rules: Group<string>,
	list: readonly string[],
	merge: (json: string, text: string) => string,
): Promise<Group<string>> {
	if (!rules.read) return rules;
	const plain = await readProgram(enter, ['nft', ...list], text => merge(rules.value, cleanLines(text)));
	return plain.read ? {...rules, value: plain.value} : plain;
}

/**
 * The kernel itself says whether it has any legacy table (the file is missing where it never had one): only then the program is
 * needed.
 */
async function readLegacy(enter: readonly string[], program: string, names: string): Promise<Group<string>> {
	const tables = await textAt(enter, names);
	if (tables === '') return {read: true, value: '', source: names, command: `cat ${names}`};
	const saved = await readSaved(enter, program, 'legacy');
	const missing = saved.read ? missingTable(tables ?? '', saved.value) : null;
	if (missing === null) return saved;
	return {
		read: false,
		gap: {id: 'read-failed', why: `${program} printed no table ${missing}, which the kernel has`, tell: `${program} -c`},
	};
}

/** A table that the kernel has, one name on each line, and the dump does not hold whole; null where all are there. */
export function missingTable(names: string, dump: string): string | null {
	const whole = new Set([...dump.matchAll(/^\*(\S+)\n(?:[^*].*\n)*?COMMIT$/gm)].map(match => match[1]));
	return names.split('\n').find(name => /^\w+$/.test(name) && !whole.has(name)) ?? null;
}

/** What a file of /proc says, "" where it does not exist; null where it cannot be read. */
async function textAt(enter: readonly string[], path: string): Promise<string | null> {
	const {door} = splitDoor(enter);
	if (door.length > 0) {
		const {code, stdout, stderr} = await runReader(door, ['cat', path]);
		return code === 0 ? stdout : /No such file/.test(stderr) ? '' : null;
	}
	return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? '' : null));
}

/** A system with one variant only may have it under the plain name alone; `--version` then says which it is (none before 1.8). */
async function readSaved(enter: readonly string[], program: string, variant: 'nf_tables' | 'legacy'): Promise<Group<string>> {
	const saved = await readProgram(enter, [program, '-c'], cleanLines);
	if (saved.read || saved.gap.id !== 'no-program') return saved;
	const plain = program.replace(/-nft|-legacy/, '');
	const version = await runReader(enter, [plain, '--version']);
	const itsVariant = version.stdout.includes('nf_tables') ? 'nf_tables' : 'legacy';
	return version.code === 0 && itsVariant === variant ? readProgram(enter, [plain, '-c'], cleanLines) : saved;
}

/** A kernel that has no nf_tables or no ip_set has no rules of them. */
const withoutModule = orNothing(/protocol not supported|cannot open session to kernel/i);
