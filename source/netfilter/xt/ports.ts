import {condition, notUnderstood} from '../condition.js';
import type {Frame} from '../frame.js';
import type {Match, Truth} from '../model.js';
import {hasPorts, protocolNumber, tcpFlagBits} from '../names.js';
import {inRange, parseRange, type Range} from './range.js';
import {type Group, type Option, optionWords} from './tokens.js';

type End = 'sport' | 'dport';

/** tcp, udp, udplite, sctp, dccp: ports, and the flags of TCP (iptables-extensions(8)). */
export function transportMatches(group: Group): Match[] {
	const protocol = protocolNumber(group.module);
	return group.options.map(option => {
		if (option.name === '--sport' || option.name === '--dport')
			return portMatch(option, option.name.slice(2) as End, protocol, [option.values[0] ?? '']);
		if (group.module === 'tcp' && option.name === '--tcp-flags') return flagsMatch(option);
		return notUnderstood(optionWords(option));
	});
}

/** Up to 15 ports or ranges of a source, a destination, or either. */
export function multiportMatches(group: Group): Match[] {
	return group.options.map(option => {
		const list = (option.values[0] ?? '').split(',');
		if (option.name === '--sports') return portMatch(option, 'sport', null, list);
		if (option.name === '--dports') return portMatch(option, 'dport', null, list);
		return option.name === '--ports' ? eitherPortMatch(option, list) : notUnderstood(optionWords(option));
	});
}

/** icmp and icmp6: the type, and the code where one is asked for. 255 or "any" stands for all. */
export function icmpMatches(group: Group): Match[] {
	return group.options.map(option => {
		const words = optionWords(option);
		const [type, code] = (option.values[0] ?? '').split('/');
		if (!option.name.startsWith('--icmp') || (type !== 'any' && !/^\d+$/.test(type ?? ''))) return notUnderstood(words);
		return condition({
			words,
			negated: option.negated,
			test: frame => {
				if (type === 'any' || (type === '255' && group.module === 'icmp')) return true;
				const {icmpType, icmpCode} = frame.packet;
				if (icmpType === null) return null;
				if (icmpType !== Number(type)) return false;
				return code === undefined ? true : icmpCode === null ? null : icmpCode === Number(code);
			},
			has: frame => `is type ${frame.packet.icmpType ?? 'unknown'}`,
		});
	});
}

/** A port of the packet: its number, or null where it is not known. A protocol without ports has none ("none"). */
export function portOf(frame: Frame, end: End): number | null | 'none' {
	return hasPorts(frame.protocol) ? frame.packet[end] : 'none';
}

function portMatch(option: Option, end: End, protocol: number | null, list: string[]): Match {
	const words = optionWords(option);
	const ranges = list.map(parseRange);
	if (ranges.includes(null)) return notUnderstood(words);
	const [only, ...others] = ranges;
	return condition({
		words,
		negated: option.negated,
		test: frame => (protocol !== null && frame.protocol !== protocol ? false : portIn(frame, end, ranges as Range[])),
		has: frame => `${end === 'sport' ? 'from' : 'to'} port ${frame.packet[end] ?? 'unknown'}`,
		asks: end === 'sport' ? ['sport'] : [],
		...(end === 'dport' && only && only.from === only.to && others.length === 0 ? {exactly: {field: 'dport', value: only.from}} : {}),
	});
}

function eitherPortMatch(option: Option, list: string[]): Match {
	const words = optionWords(option);
	const ranges = list.map(parseRange);
	if (ranges.includes(null)) return notUnderstood(words);
	return condition({
		words,
		negated: option.negated,
		test: frame => {
			const both = [portIn(frame, 'sport', ranges as Range[]), portIn(frame, 'dport', ranges as Range[])];
			return both.includes(true) ? true : both.includes(null) ? null : false;
		},
		has: frame => `from port ${frame.packet.sport ?? 'unknown'} to port ${frame.packet.dport ?? 'unknown'}`,
		asks: ['sport'],
	});
}

function portIn(frame: Frame, end: End, ranges: Range[]): Truth {
	const port = portOf(frame, end);
	if (port === 'none') return false;
	return port === null ? null : ranges.some(range => inRange(port, range));
}

function flagsMatch(option: Option): Match {
	const words = optionWords(option);
	const mask = flagBits(option.values[0] ?? '');
	const wanted = flagBits(option.values[1] ?? '');
	if (mask === null || wanted === null) return notUnderstood(words);
	return condition({
		words,
		negated: option.negated,
		test: frame => frame.protocol === 6 && (tcpFlags(frame) & mask) === wanted,
		has: frame => `has the flags ${frame.packet.tcpFlags.join(',') || 'none'}`,
		asks: ['flags'],
	});
}

export function tcpFlags(frame: Frame): number {
	return frame.packet.tcpFlags.reduce((bits, flag) => bits | (tcpFlagBits[flag] ?? 0), 0);
}

function flagBits(list: string): number | null {
	if (list === 'NONE') return 0;
	if (list === 'ALL') return 63;
	const bits = list.split(',').map(flag => tcpFlagBits[flag.toLowerCase()]);
	return bits.includes(undefined) ? null : (bits as number[]).reduce((sum, bit) => sum | bit, 0);
}
