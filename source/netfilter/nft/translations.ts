import {formatAddress, lastAddress} from '../../address/value.js';
import type {Frame} from '../frame.js';
import type {Effect, Instruction} from '../model.js';
import {type NatRange, translate, undecided} from '../nat.js';
import {type NftContext, setOf} from './context.js';
import {address as addressType, plainNumber, prefixOf} from './datatypes.js';
import {none, unknown} from './expression.js';
import {expression} from './expressions.js';
import {asList, asObject, type Json} from './json.js';
import {rightWords} from './words.js';

/** dnat, snat, masquerade, redirect (nft(8), NAT STATEMENTS; net/netfilter/nft_nat.c). */
export function natStatement(json: Json, context: NftContext, kind: string): Instruction {
	const object = asObject(json) ?? {};
	const flags = [...asList(object.flags), ...asList(object.type_flags)].map(String);
	const family = object.family === 'ip' ? 4 : object.family === 'ip6' ? 6 : null;
	const words = [kind, ...targetWords(object, context)].join(' ');
	const manip = kind === 'dnat' || kind === 'redirect' ? 'dst' : 'src';
	const random = flags.includes('random') || flags.includes('fully-random');
	const netmap = flags.includes('netmap') || flags.includes('prefix');
	const read = target(object, context, netmap);
	return {
		kind: 'action',
		words,
		act(frame) {
			const wanted = read(frame);
			if (wanted === none) return {kind: 'mismatch'};
			// In a table of family inet a translation of the other family is passed over (nft_nat_inet_eval).
			if (family !== null && family !== frame.packet.family) return {kind: 'next'};
			if (wanted === unknown) return undecided(words, 'its target is not known');
			const chosen =
				kind === 'masquerade'
					? frame.env.masqueradeAddress(frame.packet)
					: kind === 'redirect'
						? frame.env.redirectAddress(frame.packet, frame.hook)
						: undefined;
			if (chosen === null) return undecided(words, 'the address that the kernel would choose is not known');
			const range: NatRange = {
				...wanted,
				manip,
				random,
				base: null,
				...(chosen === undefined ? {} : {address: {from: chosen, to: chosen}}),
			};
			return translate(frame, range, words) satisfies Effect;
		},
	};
}

type Part = Json | undefined | typeof none | typeof unknown;

/** The address and the port that the statement names, which may come out of a map. */
function target(
	object: {[key: string]: Json},
	context: NftContext,
	netmap: boolean,
): (frame: Frame) => Target | typeof none | typeof unknown {
	const addressOf = part(object.addr, context);
	const portOf = part(object.port, context);
	return frame => {
		const [address, mappedPort] = addressOf(frame);
		if (address === none || address === unknown) return address;
		const port = mappedPort === undefined ? portOf(frame)[0] : mappedPort;
		if (port === none || port === unknown) return port;
		const ports = port === undefined ? null : ends(port, value => plainNumber.parse(value) as number | null);
		const addresses = address === undefined ? null : addressTarget(address, netmap);
		return ports === undefined || addresses === undefined ? unknown : {address: null, net: null, ...addresses, port: ports};
	};
}

type Target = Pick<NatRange, 'address' | 'net' | 'port'>;

function addressTarget(json: Json, netmap: boolean): Partial<Target> | undefined {
	const prefix = prefixOf(asObject(json)?.prefix ?? null);
	if (prefix && netmap) return {net: prefix};
	// Without that flag a prefix stands for a range of addresses.
	if (prefix) return {address: {from: formatAddress(prefix.base), to: formatAddress(lastAddress(prefix))}};
	const address = ends(json, value => (addressType.parse(value) === null ? null : String(value)));
	return address && {address};
}

/** A constant as it is; for a map what it holds for the packet. An address may stand beside a port (concatenation). */
function part(json: Json | undefined, context: NftContext): (frame: Frame) => [Part, Json?] {
	const map = asObject(asObject(json)?.map);
	if (!map) return () => withPort(json);
	const key = expression(map.key ?? null, context);
	const set = setOf(map.data ?? null, key.types, context);
	return frame => {
		const value = key.read(frame);
		if (value === none || value === unknown) return [value];
		const index = set?.find(value, frame) ?? null;
		if (index === null) return [unknown];
		const data = set?.data?.[index];
		return data === undefined ? [none] : withPort(data);
	};
}

function withPort(json: Json | undefined): [Part, Json?] {
	const concat = asObject(json)?.concat;
	return Array.isArray(concat) ? [concat[0] ?? null, concat[1] ?? null] : [json];
}

function ends<T>(json: Json, parse: (json: Json) => T | null): {from: T; to: T} | undefined {
	const range = asObject(json)?.range;
	const [from, to = from] = (Array.isArray(range) ? range : [json]).map(parse);
	return from === undefined || from === null || to === null || to === undefined ? undefined : {from, to};
}

function targetWords(object: {[key: string]: Json}, context: NftContext): string[] {
	const mapped = asObject(object.addr)?.map !== undefined ? expression(object.addr as Json, context).words : null;
	const address = object.addr === undefined ? '' : (mapped ?? rightWords(object.addr, []));
	const port = object.port === undefined ? '' : `:${rightWords(object.port, [])}`;
	const family = typeof object.family === 'string' ? [object.family] : [];
	return address === '' && port === '' ? [] : [...family, 'to', address + port];
}
