import {inPrefix, parseAddress, parsePrefix} from '../../address/value.js';
import {condition, notUnderstood} from '../condition.js';
import type {Frame} from '../frame.js';
import type {Match, Truth} from '../model.js';
import {protocolNumber} from '../names.js';
import type {Tuple} from '../types.js';
import {inRange, parseRange} from './range.js';
import {type Group, type Option, optionWords} from './tokens.js';

/**
 * conntrack and its elder `state` (iptables-extensions(8); net/netfilter/xt_conntrack.c). A packet without an entry is INVALID
 * (or UNTRACKED); every other question about it is answered no, also a negated one.
 */
export function conntrackMatches(group: Group): Match[] {
	// With --ctstate beside them, the other options are not asked of a packet without an entry.
	const asksState = group.options.some(option => option.name === '--ctstate' || option.name === '--state');
	return group.options.map(option => conntrackMatch(option, asksState));
}

function conntrackMatch(option: Option, asksState: boolean): Match {
	const words = optionWords(option);
	const value = option.values[0] ?? '';
	if (option.name === '--ctstate' || option.name === '--state') return stateMatch(option);
	const about = entryQuestion(option.name, value);
	if (!about) return notUnderstood(words);
	return condition({
		words: option.negated ? `! ${words}` : words,
		test: frame => {
			if (!frame.tracked) return asksState;
			const truth = about.test(frame);
			return truth === null ? null : truth !== option.negated;
		},
		has: frame => (frame.tracked ? about.has(frame) : 'no connection tracking entry'),
		asks: about.asks ?? [],
	});
}

interface Question {
	test(frame: Frame): Truth;
	has(frame: Frame): string;
	asks?: string[];
}

function entryQuestion(name: string, value: string): Question | null {
	const tuple = /^--ct(orig|repl)(src|dst)(port)?$/.exec(name);
	if (tuple)
		return tupleQuestion(tuple[1] === 'orig' ? 'ctOriginal' : 'ctReply', tuple[2] === 'src' ? 'src' : 'dst', tuple[3] !== undefined, value);
	if (name === '--ctproto') {
		const protocol = protocolNumber(value);
		return protocol === null
			? null
			: {test: frame => !frame.packet.ctTemplate && frame.protocol === protocol, has: frame => `is ${frame.packet.proto}`};
	}
	if (name === '--ctdir')
		return {test: frame => frame.packet.ctDirection === value.toLowerCase(), has: frame => `is the ${frame.packet.ctDirection} direction`};
	if (name === '--ctstatus') return statusQuestion(value.split(','));
	// Entries expire in their own time.
	return null;
}

function tupleQuestion(direction: 'ctOriginal' | 'ctReply', end: 'src' | 'dst', port: boolean, value: string): Question | null {
	const asks = (direction === 'ctOriginal') === (end === 'src') ? [port ? 'sport' : 'saddr'] : [];
	const part = port ? ((end === 'src' ? 'sport' : 'dport') as keyof Tuple) : end;
	const has = (frame: Frame) => `has ${frame.packet[direction]?.[part] ?? 'unknown'}`;
	if (port) {
		const range = parseRange(value);
		return (
			range && {asks, has, test: frame => numberIn(frame.packet[direction]?.[part] as number | null | undefined, n => inRange(n, range))}
		);
	}
	const prefix = parsePrefix(value);
	return (
		prefix && {
			asks,
			has,
			test: frame => {
				const address = parseAddress(frame.packet[direction]?.[end] ?? '');
				return address === null ? null : inPrefix(address, prefix);
			},
		}
	);
}

function numberIn(value: number | null | undefined, test: (value: number) => boolean): Truth {
	return value === null || value === undefined ? null : test(value);
}

function statusQuestion(wanted: string[]): Question {
	return {
		has: () => 'the entry has another status',
		test: frame => {
			const reply = frame.packet.ctDirection === 'reply' || frame.packet.ctState === 'established';
			const truths = wanted.map(status => {
				if (frame.packet.ctTemplate) return status === 'CONFIRMED';
				if (status === 'NONE') return frame.packet.ctState === 'new';
				if (status === 'SEEN_REPLY') return reply ? true : frame.packet.ctState === 'new' ? false : null;
				if (status === 'EXPECTED') return frame.packet.ctState === 'new' ? null : null;
				if (status === 'CONFIRMED') return frame.packet.ctState === 'established';
				return null;
			});
			return truths.includes(true) ? true : truths.includes(null) ? null : false;
		},
	};
}

function stateMatch(option: Option): Match {
	const wanted = new Set((option.values[0] ?? '').split(',').map(state => state.toLowerCase()));
	return condition({
		words: optionWords(option),
		negated: option.negated,
		test: frame => {
			const {ctState, ctNat} = frame.packet;
			if (wanted.has(ctState ?? 'invalid')) return true;
			return frame.tracked && ((wanted.has('snat') && ctNat.snat) || (wanted.has('dnat') && ctNat.dnat));
		},
		has: frame => (frame.packet.ctState ? `is ${frame.packet.ctState}` : 'not yet tracked'),
	});
}
