import {type AddressValue, network, parsePrefix, width} from '../address/value.js';
import {protocolNumber} from './names.js';

/** What a packet offers a set for one dimension of it (ipset(8), "SET TYPES"). */
export interface SetKey {
	address: AddressValue | null;
	protocol: number | null;
	/** null: not known; "none": the protocol has no ports. */
	port: number | null | 'none';
	iface: string;
	physical: string;
	mac: string | null;
	mark: number;
}

/** yes; no; except: the closest entry says "nomatch"; null: cannot be told. */
export type Membership = 'yes' | 'no' | 'except' | null;

export interface IpSet {
	name: string;
	type: string;
	/** Is there an entry for these keys, one per dimension? */
	has(family: 4 | 6, keys: readonly SetKey[]): Membership;
}

/** Sets of `ipset save`, by name. Lines that are not understood are given with their number: the sets they name answer null. */
export function parseIpsets(text: string): {sets: Map<string, IpSet>; problems: string[]} {
	const drafts = new Map<string, Draft>();
	const problems: string[] = [];
	for (const [index, line] of text.split('\n').entries()) {
		const words = line.trim().split(/\s+/);
		const [command, name = '', value = ''] = words;
		if (command === 'create' && value !== '') drafts.set(name, newDraft(name, value, words.slice(3)));
		else if (command === 'add' && drafts.has(name) && value !== '') drafts.get(name)?.entries.push({value, options: words.slice(3)});
		else if (line.trim() !== '') problems.push(`line ${index + 1}`);
	}
	const sets = new Map<string, IpSet>();
	for (const draft of drafts.values()) sets.set(draft.name, draft.type === 'list:set' ? listOfSets(draft, sets) : finished(draft));
	return {sets, problems};
}

interface Draft {
	name: string;
	type: string;
	family: 4 | 6 | null;
	dimensions: string[];
	netmask: number | null;
	/** An option of the set that this program does not know. */
	odd: boolean;
	entries: {value: string; options: string[]}[];
}

interface Entry {
	parts: Test[];
	except: boolean;
}

type Test = (key: SetKey) => boolean | null;

function newDraft(name: string, type: string, options: string[]): Draft {
	const after = (word: string) => (options.includes(word) ? options[options.indexOf(word) + 1] : undefined);
	const family = after('family') === 'inet6' ? 6 : after('family') === 'inet' || type.startsWith('bitmap:ip') ? 4 : null;
	const netmask = after('netmask');
	const dimensions = (type.split(':')[1] ?? '').split(',');
	const odd = options.includes('bitmask') || options.includes('markmask') || dimensions.some(word => !knownDimensions.has(word));
	return {name, type, family, dimensions, netmask: netmask === undefined ? null : Number(netmask), odd, entries: []};
}

/** Entries in buckets by the prefix of their first address, the longest prefix first, as hash:net looks them up. */
function finished(draft: Draft): IpSet {
	const lengths = new Map<number, Map<AddressValue, Entry[]>>();
	const others: Entry[] = [];
	let unread = draft.odd;
	for (const {value, options} of draft.entries) {
		const entry = entryOf(draft, value, options.includes('nomatch'), options.includes('wildcard'));
		if (entry === null) unread = true;
		else if (entry.prefix) {
			const bucket = lengths.get(entry.prefix.length) ?? new Map<AddressValue, Entry[]>();
			lengths.set(entry.prefix.length, bucket);
			bucket.set(entry.prefix.base, [...(bucket.get(entry.prefix.base) ?? []), entry]);
		} else others.push(entry);
	}
	const order = [...lengths.entries()].sort(([a], [b]) => b - a);
	return {
		name: draft.name,
		type: draft.type,
		has(family, keys) {
			if (draft.family !== null && draft.family !== family) return 'no';
			// Fewer directions than dimensions never match (ip_set_test).
			if (keys.length < draft.dimensions.length) return 'no';
			const address = keys[0]?.address ?? null;
			const masked = address !== null && draft.netmask !== null ? network(address, draft.netmask) : address;
			let unknown = unread;
			const candidates = function* () {
				if (masked !== null)
					for (const [length, bucket] of order) if (length <= width(masked)) yield* bucket.get(network(masked, length)) ?? [];
				yield* others;
			};
			for (const entry of candidates()) {
				const truth = all(entry.parts, keys);
				if (truth) return unknown ? null : entry.except ? 'except' : 'yes';
				if (truth === null) unknown = true;
			}
			return unknown ? null : 'no';
		},
	};
}

function all(parts: Test[], keys: readonly SetKey[]): boolean | null {
	let unknown = false;
	for (const [index, test] of parts.entries()) {
		const truth = test(keys[index] as SetKey);
		if (truth === false) return false;
		if (truth === null) unknown = true;
	}
	return unknown ? null : true;
}

function entryOf(
	draft: Draft,
	value: string,
	except: boolean,
	wildcard: boolean,
): (Entry & {prefix: {base: AddressValue; length: number} | null}) | null {
	const words = value.split(',');
	// In an entry the protocol of a port stands before a colon: 1.1.1.1,tcp:80.
	if (words.length > draft.dimensions.length) return null;
	const parts: Test[] = [];
	let prefix: {base: AddressValue; length: number} | null = null;
	for (const [index, dimension] of draft.dimensions.entries()) {
		const word = words[index];
		// bitmap:ip,mac may leave out the mac: then any will do.
		const test = word === undefined ? () => true : dimensionTest(dimension, word, wildcard);
		if (test === null) return null;
		if (index === 0 && (dimension === 'ip' || dimension === 'net')) {
			prefix = parsePrefix(word as string);
			if (prefix === null) return null;
		}
		parts.push(test);
	}
	return {parts, except, prefix};
}

function dimensionTest(dimension: string, word: string, wildcard: boolean): Test | null {
	if (dimension === 'ip' || dimension === 'net') {
		const prefix = parsePrefix(word);
		return (
			prefix &&
			(({address}) => (address === null ? null : typeof address === typeof prefix.base && network(address, prefix.length) === prefix.base))
		);
	}
	if (dimension === 'port') return portTest(word);
	if (dimension === 'iface') {
		const physical = word.startsWith('physdev:');
		const name = physical ? word.slice(8) : word;
		return key => {
			const given = physical ? key.physical : key.iface;
			return wildcard ? given.startsWith(name) : given === name;
		};
	}
	if (dimension === 'mac') return ({mac}) => (mac === null ? null : mac.toLowerCase() === word.toLowerCase());
	return ({mark}) => mark === Number(word);
}

/** "80", "tcp:80", "tcp:80-90". */
function portTest(word: string): Test | null {
	const [, protocolName, from, to] = /^(?:([a-z\d-]+):)?(\d+)(?:-(\d+))?$/.exec(word) ?? [];
	if (from === undefined) return null;
	const protocol = protocolName === undefined ? null : protocolNumber(protocolName);
	if (protocolName !== undefined && protocol === null) return null;
	return key => {
		if (protocol !== null && key.protocol !== protocol) return false;
		if (key.port === 'none') return false;
		return key.port === null ? null : Number(from) <= key.port && key.port <= Number(to ?? from);
	};
}

function listOfSets(draft: Draft, sets: Map<string, IpSet>): IpSet {
	return {
		name: draft.name,
		type: draft.type,
		has(family, keys) {
			let unknown = false;
			for (const {value} of draft.entries) {
				const member = sets.get(value);
				// A list never holds a list (ipset(8)).
				const answer = member && member.type !== 'list:set' ? member.has(family, keys) : null;
				if (answer === 'yes') return unknown ? null : 'yes';
				if (answer === null) unknown = true;
			}
			return unknown ? null : 'no';
		},
	};
}

const knownDimensions = new Set(['ip', 'net', 'port', 'iface', 'mac', 'mark', 'set']);
