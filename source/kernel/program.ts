import type {Family, Gap, Group} from '../model/index.js';
import type {Ran} from '../process/run.js';
import {doorClosed, splitDoor} from '../process/start.js';
import {clean} from '../text/clean.js';
import {runReader} from './runner.js';

/**
 * Runs one reading program in a network namespace (`enter` is put in front of it) and gives what it printed, understood by
 * `parse`. Never rejects: a program that is missing, lacks a right, fails or prints something else is a gap with its reason.
 * `accept` gives the text to understand, or null where the program failed; by default what it printed if it said 0.
 */
export async function readProgram<T>(
	enter: readonly string[],
	argv: readonly string[],
	parse: (text: string) => T,
	accept: (ran: Ran) => string | null = ran => (ran.code === 0 ? ran.stdout : null),
): Promise<Group<T>> {
	const ran = await runWhole(enter, argv);
	const text = isPartial(ran) ? null : accept(ran);
	if (text === null) return {read: false, gap: gapOf(enter, argv, ran)};
	try {
		return {read: true, value: parse(text), source: argv.join(' '), command: commandOf(enter, argv)};
	} catch (error) {
		return {read: false, gap: malformed(argv.join(' '), error)};
	}
}

/** The kernel says where a table changed while it was being listed (NLM_F_DUMP_INTR): what was printed may lack a part, so it is read anew. */
async function runWhole(enter: readonly string[], argv: readonly string[]): Promise<Ran> {
	for (let tries = 1; ; tries++) {
		const ran = await runReader(enter, argv);
		if (!isPartial(ran) || tries === 3) return ran;
	}
}

function isPartial(ran: Ran): boolean {
	return /dump was interrupted/i.test(ran.stderr);
}

/** For `accept`: a failure whose words say that there is none of this here is a fact, and reads as the empty text. */
export function orNothing(words: RegExp): (ran: Ran) => string | null {
	return ran => (ran.code === 0 ? ran.stdout : ran.code !== null && words.test(ran.stderr) ? '' : null);
}

/**
 * One reading per family (IPv4 first), joined; a gap in either is the gap of both. A kernel without IPv6 has no routes of it:
 * that is a fact (EAFNOSUPPORT), not a gap.
 */
export async function readFamilies<T>(
	enter: readonly string[],
	argvOf: (family: Family) => string[],
	parse: (text: string, family: Family) => T[],
): Promise<Group<T[]>> {
	const [v4, v6] = await Promise.all([
		readProgram(enter, argvOf(4), text => parse(text, 4)),
		readProgram(enter, argvOf(6), text => parse(text, 6), orNothing(/not supported/i)),
	]);
	if (!v4.read) return v4;
	if (!v6.read) return v6;
	return {...v4, value: [...v4.value, ...v6.value], command: `${v4.command}; ${v6.command}`};
}

/** The line by which a person sees the same: not as JSON. */
export function commandOf(enter: readonly string[], argv: readonly string[]): string {
	return [...splitDoor(enter).rest, ...argv.filter(word => word !== '-j')].join(' ');
}

/** Why a program gave nothing. */
export function gapOf(enter: readonly string[], argv: readonly string[], ran: Ran): Gap {
	const program = argv[0] ?? '';
	const missing = missingProgram(enter, program, ran);
	const throughHelper = splitDoor(enter).door.length > 0;
	if (missing && throughHelper)
		return {
			id: 'no-program',
			why: `${missing} is not in the helper's image`,
			tell: `--helper with an image that has ${packages[missing] ?? missing}`,
		};
	if (missing) return {id: 'no-program', why: `${missing} is not installed`, tell: `apt install ${packages[missing] ?? missing}`};
	if (ran.failure === doorClosed) return {id: 'read-failed', why: 'the helper container has ended', tell: 'dockhop --helper IMAGE'};
	if (isRefused(ran)) return noRight(rules[program] ?? `what ${program} prints`);
	const said = ran.failure ?? clean(ran.stderr.trim().split('\n').at(-1)?.trim() ?? '', 160);
	return {id: 'read-failed', why: `${program} failed: ${said || `exit code ${ran.code ?? ran.signal}`}`, tell: clean(argv.join(' '), 160)};
}

/** The right to read it is lacking. */
export function noRight(what: string): Gap {
	return {id: 'no-permission', why: `${what} is readable by root only`, tell: 'sudo dockhop'};
}

/** It was read and is not what it should be. */
export function malformed(source: string, error: unknown): Gap {
	const what = error instanceof Error ? error.message : String(error);
	return {id: 'read-failed', why: `${clean(source, 80)} was not understood: ${clean(what, 160)}`, tell: clean(source, 160)};
}

/**
 * Which program is missing, if one is. Where one is to start another (nsenter), only its own words tell that the second is. BusyBox
 * has programs of the same names that know none of the options.
 */
export function missingProgram(enter: readonly string[], program: string, ran: Ran): string | null {
	if (ran.failure === 'ENOENT') return enter[0] ?? program;
	const {door, rest} = splitDoor(enter);
	if (door.length > 0 && ran.code === 127) return /nsenter: .*not found/.test(ran.stderr) ? (rest[0] ?? program) : program;
	if (/^BusyBox v/m.test(ran.stderr)) return program;
	return enter.length > 0 && /failed to execute .*: No such file or directory/.test(ran.stderr) ? program : null;
}

function isRefused(ran: Ran): boolean {
	return ran.failure === 'EACCES' || ran.failure === 'EPERM' || /permitted|permission denied|must be root/i.test(ran.stderr);
}

/** What the programs print that work for root only. */
const rules: Record<string, string> = {
	nft: 'the nftables ruleset',
	ipset: 'the list of ip sets',
	'iptables-nft-save': 'the list of iptables rules',
	'ip6tables-nft-save': 'the list of ip6tables rules',
	'iptables-legacy-save': 'the list of legacy iptables rules',
	'ip6tables-legacy-save': 'the list of legacy ip6tables rules',
};

/** Debian's package of each program. */
/** Program → the Debian package that holds it, where that has another name. */
export const packages: Readonly<Record<string, string>> = {
	ip: 'iproute2',
	bridge: 'iproute2',
	ss: 'iproute2',
	nft: 'nftables',
	ipset: 'ipset',
	nsenter: 'util-linux',
	grep: 'grep',
	'iptables-nft-save': 'iptables',
	'ip6tables-nft-save': 'iptables',
	'iptables-legacy-save': 'iptables',
	'ip6tables-legacy-save': 'iptables',
	ip6tables: 'iptables',
	setpriv: 'util-linux',
};
