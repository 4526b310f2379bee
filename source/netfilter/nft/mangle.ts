import {formatAddress} from '../../address/value.js';
import type {Frame} from '../frame.js';
import type {Doubt, Effect, Instruction} from '../model.js';
import {askConntrack} from '../template.js';
import type {WalkPacket, Zone} from '../types.js';
import {constant} from './constant.js';
import type {NftContext} from './context.js';
import {hasEntry} from './ct.js';
import type {Scalar, Value} from './datatypes.js';
import {none, opaque, unknown} from './expression.js';
import {expression} from './expressions.js';
import {asObject, asString, type Json, onlyKey} from './json.js';
import {rightWords} from './words.js';

/** `meta mark set …`, `ct mark set …`, `ip dscp set …`, a stateless rewrite of an address or port (libnftables-json(5), MANGLE). */
export function mangle(json: Json, context: NftContext): Instruction {
	const {key = null, value = null} = asObject(json) ?? {};
	const [kind, inner] = onlyKey(key) ?? ['', null];
	const name = asString(asObject(inner)?.key) ?? [asString(asObject(inner)?.protocol), asString(asObject(inner)?.field)].join(' ');
	const target = expression(key);
	const type = target.types[0];
	const fixed = type ? constant(value, type) : null;
	const source = fixed === null ? expression(value, context) : null;
	const words = `${target.words} set ${source && !source.words.startsWith('{') ? source.words : rightWords(value, target.types)}`;
	// tcp option, meta priority, nftrace and the like do not decide where a packet goes.
	const write = kind === 'meta' || kind === 'ct' || kind === 'payload' ? writers[`${kind} ${name}`] : ignore;
	const doubt = opaque(words).doubt;
	const zone = kind === 'ct' && name === 'zone' ? directionOf(asString(asObject(inner)?.dir)) : null;
	return {
		kind: 'action',
		words,
		act(frame): Effect {
			if (write === ignore || ignored.has(`${kind} ${name}`)) return {kind: 'next'};
			if (!write && !zone) return {kind: 'unknown', doubt};
			if (kind === 'payload' && target.read(frame) === none) return {kind: 'mismatch'};
			const read = source ? source.read(frame) : (fixed as Value);
			if (read === none) return {kind: 'mismatch'};
			if (zone && read !== unknown) return inZone(frame, {id: Number(read) & 0xffff, of: zone}, doubt);
			return read === unknown ? {kind: 'unknown', doubt} : {kind: 'next', packet: (write as Write)(frame, read as Scalar)};
		},
	};
}

function directionOf(direction: string | null): Zone['of'] | null {
	return direction === 'reply' ? null : direction === 'original' ? 'original' : 'both';
}

/**
 * Here, other than with iptables' CT, the zone undoes a notrack before it (nft_ct_set_zone_eval looks for an entry alone). Behind conntrack
 * a packet without an entry would be given a template there and then: nobody writes that, and it is not followed.
 */
function inZone({packet, hook}: Frame, zone: Zone, doubt: Doubt): Effect {
	const untracked = packet.ctState === 'untracked';
	const early = hook === 'prerouting' || hook === 'output';
	if (packet.ctState === 'invalid' || (untracked && !early)) return {kind: 'unknown', doubt};
	return askConntrack(untracked ? {...packet, ctState: null} : packet, zone);
}

type Write = (frame: Frame, value: Scalar) => WalkPacket;

const ignore: Write = frame => frame.packet;
const address = (value: Scalar) => formatAddress(value as number | bigint);

const writers: Record<string, Write> = {
	'meta mark': ({packet}, value) => ({...packet, mark: Number(value) >>> 0}),
	'ct mark': (frame, value) => (hasEntry(frame) ? {...frame.packet, ctMark: Number(value) >>> 0} : frame.packet),
	'payload ip dscp': ({packet}, value) => ({...packet, dscp: Number(value)}),
	'payload ip6 dscp': ({packet}, value) => ({...packet, dscp: Number(value)}),
	'payload ip ttl': ({packet}, value) => ({...packet, ttl: Number(value)}),
	'payload ip6 hoplimit': ({packet}, value) => ({...packet, ttl: Number(value)}),
	'payload ip saddr': ({packet}, value) => ({...packet, src: address(value)}),
	'payload ip6 saddr': ({packet}, value) => ({...packet, src: address(value)}),
	'payload ip daddr': ({packet}, value) => ({...packet, dst: address(value)}),
	'payload ip6 daddr': ({packet}, value) => ({...packet, dst: address(value)}),
	...Object.fromEntries(
		['tcp', 'udp', 'th', 'sctp', 'udplite', 'dccp'].flatMap(protocol => [
			[`payload ${protocol} sport`, (({packet}, value) => ({...packet, sport: Number(value)})) satisfies Write],
			[`payload ${protocol} dport`, (({packet}, value) => ({...packet, dport: Number(value)})) satisfies Write],
		]),
	),
};

const ignored = new Set([
	'meta priority',
	'meta nftrace',
	'meta secmark',
	'ct label',
	'ct event',
	'ct secmark',
	'ct helper',
	'ct timeout',
	'payload ip ecn',
	'payload ip6 flowlabel',
]);
