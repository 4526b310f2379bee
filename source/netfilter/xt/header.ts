import {inPrefix, parsePrefix, width} from '../../address/value.js';
import {condition, notUnderstood} from '../condition.js';
import type {Frame} from '../frame.js';
import type {Match} from '../model.js';
import {protocolNumber} from '../names.js';
import {type Option, optionWords} from './tokens.js';

/** What every rule can ask without a module: -s, -d, -i, -o, -p (iptables(8), PARAMETERS). */
export function headerMatch(option: Option): Match {
	const words = optionWords(option);
	const value = option.values[0] ?? '';
	const {negated} = option;
	switch (option.name) {
		case '-s':
			return addressMatch(words, negated, value, 'src');
		case '-d':
			return addressMatch(words, negated, value, 'dst');
		case '-i':
			return condition({words, negated, test: deviceTest(value, frame => frame.iif), has: arrivesOn});
		case '-o':
			return condition({words, negated, test: deviceTest(value, frame => frame.oif), has: leavesBy});
		case '-p': {
			const protocol = protocolNumber(value);
			if (value === 'all' || protocol === 0) return condition({words, negated, test: () => true, has: () => ''});
			if (protocol === null) return notUnderstood(words);
			return condition({words, negated, test: frame => equalOrUnknown(frame.protocol, protocol), has: frame => `is ${frame.packet.proto}`});
		}
		case '-f':
			return condition({words, negated, test: () => false, has: () => 'no fragment'});
		case '-4':
		case '-6':
			return condition({words, negated, test: frame => frame.packet.family === Number(option.name[1]), has: () => 'the other family'});
	}
	return notUnderstood(words);
}

export function addressMatch(words: string, negated: boolean, value: string, end: 'src' | 'dst'): Match {
	const prefix = parsePrefix(value);
	if (!prefix) return notUnderstood(words);
	return condition({
		words,
		negated,
		test: frame => (frame[end] === null ? null : inPrefix(frame[end], prefix)),
		has: end === 'src' ? frame => `from ${frame.packet.src}` : frame => `to ${frame.packet.dst}`,
		asks: end === 'src' ? ['saddr'] : [],
		...(end === 'dst' && prefix.length === width(prefix.base) ? {exactly: {field: 'dst', value: prefix.base}} : {}),
	});
}

/** An interface name; a "+" at the end stands for any ending. */
export function deviceTest(pattern: string, name: (frame: Frame) => string): (frame: Frame) => boolean {
	if (!pattern.endsWith('+')) return frame => name(frame) === pattern;
	const start = pattern.slice(0, -1);
	return frame => name(frame).startsWith(start);
}

export function arrivesOn(frame: Frame): string {
	return frame.iif === '' ? 'arrives on no interface' : `arrives on ${frame.iif}`;
}

export function leavesBy(frame: Frame): string {
	return frame.oif === '' ? 'leaves by no interface' : `leaves by ${frame.oif}`;
}

function equalOrUnknown(value: number | null, wanted: number): boolean | null {
	return value === null ? null : value === wanted;
}
