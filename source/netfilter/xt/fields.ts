import {condition, notUnderstood} from '../condition.js';
import type {Frame} from '../frame.js';
import type {Match} from '../model.js';
import {packetType} from '../packet-type.js';
import {inRange, parseMasked, parseRange, type Range} from './range.js';
import {type Group, type Option, optionWords} from './tokens.js';

/** Matches that compare one number of the packet: mark, connmark, length, ttl, hl, dscp, tos. */
export function fieldMatches(group: Group): Match[] {
	return group.options.map(option => {
		const field = fields[`${group.module} ${option.name}`];
		return field?.(option) ?? notUnderstood(optionWords(option));
	});
}

/** pkttype: to this host, to all, or to a group, as the link layer says. */
export function pkttypeMatches(group: Group): Match[] {
	return group.options.map(option => {
		const words = optionWords(option);
		const wanted = option.values[0] ?? '';
		if (option.name !== '--pkt-type' || !['unicast', 'broadcast', 'multicast', 'host'].includes(wanted)) return notUnderstood(words);
		return condition({
			words,
			negated: option.negated,
			test: frame => {
				const type = packetType(frame);
				return type === null ? null : type === wanted || (type === 'unicast' && wanted === 'host');
			},
			has: frame => `is ${packetType(frame) ?? 'unknown'}`,
		});
	});
}

type Field = (option: Option) => Match | null;

const fields: Record<string, Field> = {
	'mark --mark': masked('the mark is', ['mark'], frame => frame.packet.mark),
	// Without an entry there is no mark to compare, negated or not (xt_connmark.c).
	'connmark --mark': masked('the connection mark is', [], frame => (frame.tracked ? frame.packet.ctMark : 'none')),
	'length --length': ranged(
		'the length is',
		['length'],
		frame => frame.packet.length,
		range => range,
	),
	'ttl --ttl-eq': ranged(
		'the TTL is',
		['ttl'],
		frame => frame.packet.ttl,
		range => range,
	),
	'ttl --ttl-lt': ranged(
		'the TTL is',
		['ttl'],
		frame => frame.packet.ttl,
		({from}) => ({from: 0, to: from - 1}),
	),
	'ttl --ttl-gt': ranged(
		'the TTL is',
		['ttl'],
		frame => frame.packet.ttl,
		({from}) => ({from: from + 1, to: 255}),
	),
	'hl --hl-eq': ranged(
		'the hop limit is',
		['ttl'],
		frame => frame.packet.ttl,
		range => range,
	),
	'hl --hl-lt': ranged(
		'the hop limit is',
		['ttl'],
		frame => frame.packet.ttl,
		({from}) => ({from: 0, to: from - 1}),
	),
	'hl --hl-gt': ranged(
		'the hop limit is',
		['ttl'],
		frame => frame.packet.ttl,
		({from}) => ({from: from + 1, to: 255}),
	),
	'dscp --dscp': ranged(
		'the DSCP is',
		['dscp'],
		frame => frame.packet.dscp,
		range => range,
	),
	'tos --tos': masked('the TOS is', ['dscp'], frame => frame.packet.dscp << 2),
};

function masked(says: string, asks: string[], read: (frame: Frame) => number | 'none'): Field {
	return option => {
		const wanted = parseMasked(option.values[0] ?? '');
		const words = optionWords(option);
		return (
			wanted &&
			condition({
				words: option.negated ? `! ${words}` : words,
				test: frame => {
					const value = read(frame);
					return value !== 'none' && ((value & wanted.mask) >>> 0 === wanted.value) !== option.negated;
				},
				has: frame => {
					const value = read(frame);
					return value === 'none' ? 'no connection tracking entry' : `${says} 0x${value.toString(16)}`;
				},
				asks,
			})
		);
	};
}

function ranged(says: string, asks: string[], read: (frame: Frame) => number | null, wanted: (range: Range) => Range): Field {
	return option => {
		const range = parseRange(option.values[0] ?? '');
		if (!range) return null;
		const asked = wanted(range);
		return condition({
			words: optionWords(option),
			negated: option.negated,
			test: frame => {
				const value = read(frame);
				return value === null ? null : inRange(value, asked);
			},
			has: frame => `${says} ${read(frame) ?? 'unknown'}`,
			asks,
		});
	};
}
