import {parseAddress} from '../../address/value.js';
import type {Frame} from '../frame.js';
import {ctStateBits} from '../names.js';
import type {Tuple} from '../types.js';
import {zoneNumber} from '../zone.js';
import * as types from './datatypes.js';
import {changing, type Expression, field, none, opaque, unknown} from './expression.js';
import {asObject, type Json} from './json.js';

/** `ct KEY` and `ct original|reply KEY` (net/netfilter/nft_ct.c). Without an entry only the state has a value (invalid or untracked). */
export function ctExpression(json: Json): Expression {
	const key = String(asObject(json)?.key ?? '');
	const direction = asObject(json)?.dir;
	const words = ['ct', ...(typeof direction === 'string' ? [direction] : []), key].join(' ');
	if (direction === 'original' || direction === 'reply') {
		if (key === 'zone') return zoneField(words, direction);
		const part = tupleParts[key.replace(/^ip6? /, '')];
		return part ? tupleField(words, direction === 'original' ? 'ctOriginal' : 'ctReply', part, key) : opaque(words);
	}
	return keys[key] ?? (moments.has(key) ? changing(words, 'depends on the moment') : opaque(words));
}

/** The zone's number, in one direction or as it is (nft_ct.c, NFT_CT_ZONE). */
function zoneField(words: string, direction: 'original' | 'reply' | null): Expression {
	return field(words, types.plainNumber, frame => {
		if (!hasEntry(frame)) return none;
		const {ctZone} = frame.packet;
		return direction === null ? (ctZone?.id ?? 0) : zoneNumber(ctZone, direction);
	});
}

/** What stands for an entry before conntrack has looked (a template) tells nothing but a state. */
export function hasEntry({tracked, packet}: Frame): boolean {
	return tracked && !packet.ctTemplate;
}

function tupleField(words: string, tuple: 'ctOriginal' | 'ctReply', part: keyof Tuple, key: string): Expression {
	const address = part === 'src' || part === 'dst';
	const asks = (tuple === 'ctOriginal') === (part === 'src' || part === 'sport') ? [address ? 'saddr' : 'sport'] : [];
	return field(
		words,
		address ? types.address : types.plainNumber,
		frame => {
			if (!hasEntry(frame)) return none;
			if (key.startsWith('ip ') && frame.packet.family !== 4) return none;
			if (key.startsWith('ip6 ') && frame.packet.family !== 6) return none;
			const value = frame.packet[tuple]?.[part] ?? null;
			if (value === null) return unknown;
			return typeof value === 'string' ? (parseAddress(value) ?? unknown) : value;
		},
		{asks},
	);
}

const tupleParts: Record<string, keyof Tuple> = {saddr: 'src', daddr: 'dst', 'proto-src': 'sport', 'proto-dst': 'dport'};

const keys: Record<string, Expression> = {
	state: field('ct state', types.ctState, frame => ctStateBits[frame.packet.ctState ?? 'invalid'] ?? unknown, {
		says: value => `is ${types.ctState.say(value)}`,
	}),
	status: {
		...field('ct status', types.ctStatus, frame => (hasEntry(frame) ? knownStatus(frame) : none)),
		says: () => 'the entry has another status',
	},
	direction: field('ct direction', types.word, frame => (hasEntry(frame) ? frame.packet.ctDirection : none)),
	mark: field('ct mark', types.hexNumber, frame => (hasEntry(frame) ? frame.packet.ctMark : none)),
	l3proto: field('ct l3proto', types.nfproto, frame =>
		hasEntry(frame) ? (frame.packet.ctTemplate ? 0 : frame.packet.family === 4 ? 2 : 10) : none,
	),
	zone: zoneField('ct zone', null),
	protocol: field('ct protocol', types.protocol, frame =>
		hasEntry(frame) ? (frame.packet.ctTemplate ? 0 : (frame.protocol ?? unknown)) : none,
	),
};

/** Bits of the status that the walk knows: whether an answer was seen, whether the entry is confirmed, and the NAT that was made. */
export const knownStatusBits = 2 | 8 | 16 | 32;

function knownStatus(frame: Frame): number {
	const {ctNat, ctState, ctDirection} = frame.packet;
	const answered = ctDirection === 'reply' || ctState === 'established';
	return (answered ? 2 | 8 : 0) | (ctNat.snat ? 16 : 0) | (ctNat.dnat ? 32 : 0);
}

const moments = new Set(['expiration', 'bytes', 'packets', 'avgpkt', 'count', 'id']);
