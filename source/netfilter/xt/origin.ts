import {type AddressValue, parseAddress} from '../../address/value.js';
import {condition, notUnderstood} from '../condition.js';
import {type Frame, hasFrame} from '../frame.js';
import type {Match, Truth} from '../model.js';
import {socketFor} from '../socket-asked.js';
import {deviceTest} from './header.js';
import {inRange, parseMasked, parseRange} from './range.js';
import {type Group, groupWords, optionWords} from './tokens.js';

/** addrtype: the type that the FIB gives an address, on any link or (limit-iface) on the packet's own one. */
export function addrtypeMatches(group: Group): Match[] {
	const limitIn = group.options.some(option => option.name === '--limit-iface-in');
	const limitOut = group.options.some(option => option.name === '--limit-iface-out');
	return group.options
		.filter(option => !option.name.startsWith('--limit-iface'))
		.map(option => {
			const words = optionWords(option);
			const end = option.name === '--src-type' ? 'src' : option.name === '--dst-type' ? 'dst' : null;
			if (!end) return notUnderstood(words);
			const types = new Set((option.values[0] ?? '').split(',').map(type => type.toLowerCase()));
			const typeOf = (frame: Frame) =>
				frame.env.addressType(frame.packet[end], frame.packet.family, limitIn ? frame.iif : limitOut ? frame.oif : null);
			return condition({
				words,
				negated: option.negated,
				test: frame => {
					const type = typeOf(frame);
					return type === null ? null : types.has(type);
				},
				has: frame => `${frame.packet[end]} is ${typeOf(frame) ?? 'unknown'}`,
				asks: end === 'src' ? ['saddr'] : [],
			});
		});
}

/** iprange: an address between two. */
export function iprangeMatches(group: Group): Match[] {
	return group.options.map(option => {
		const words = optionWords(option);
		const end = option.name === '--src-range' ? 'src' : option.name === '--dst-range' ? 'dst' : null;
		const [from, to = from] = (option.values[0] ?? '').split('-').map(parseAddress);
		if (!end || from === undefined || from === null || to === undefined || to === null) return notUnderstood(words);
		return condition({
			words,
			negated: option.negated,
			test: frame => between(frame[end], from, to),
			has: frame => (end === 'src' ? `from ${frame.packet.src}` : `to ${frame.packet.dst}`),
			asks: end === 'src' ? ['saddr'] : [],
		});
	});
}

/** mac: the source address of the frame that brought the packet. What came by no Ethernet link has none, not even another one (xt_mac.c). */
export function macMatches(group: Group): Match[] {
	return group.options.map(option => {
		const words = optionWords(option);
		const mac = (option.values[0] ?? '').toLowerCase();
		if (option.name !== '--mac-source') return notUnderstood(words);
		return condition({
			words: option.negated ? `! ${words}` : words,
			test: frame => {
				if (!hasFrame(frame)) return false;
				return frame.packet.smac === null ? null : (frame.packet.smac.toLowerCase() === mac) !== option.negated;
			},
			has: frame => (hasFrame(frame) ? `the frame is from ${frame.packet.smac ?? 'an unknown address'}` : 'it came in no frame'),
			asks: ['smac'],
		});
	});
}

/** physdev: the bridge ports of a packet that br_netfilter took from a bridge. */
export function physdevMatches(group: Group): Match[] {
	return group.options.map(option => {
		const words = optionWords(option);
		const {negated} = option;
		const name = option.values[0] ?? '';
		const port = (direction: 'physIn' | 'physOut') => (frame: Frame) => frame.packet[direction] ?? '';
		const has = (frame: Frame) => `bridge ports: in ${frame.packet.physIn ?? 'none'}, out ${frame.packet.physOut ?? 'none'}`;
		switch (option.name) {
			case '--physdev-in':
				return condition({words, negated, has, test: deviceTest(name, port('physIn'))});
			case '--physdev-out':
				return condition({words, negated, has, test: deviceTest(name, port('physOut'))});
			case '--physdev-is-in':
				return condition({words, negated, has, test: frame => frame.packet.physIn !== null});
			case '--physdev-is-out':
				return condition({words, negated, has, test: frame => frame.packet.physOut !== null});
			case '--physdev-is-bridged':
				return condition({words, negated, has, test: frame => frame.packet.physIn !== null && frame.packet.physOut !== null});
		}
		return notUnderstood(words);
	});
}

/** owner: the socket that sends; a packet that is not sent here has none. */
export function ownerMatches(group: Group): Match[] {
	return group.options.map(option => {
		const words = optionWords(option);
		const id = option.name === '--uid-owner' ? 'uid' : option.name === '--gid-owner' ? 'gid' : null;
		if (option.name === '--socket-exists')
			return condition({
				words,
				negated: option.negated,
				test: frame => (frame.packet.local ? null : false),
				has: () => 'not sent by a socket here',
			});
		const range = parseRange(option.values[0] ?? '');
		if (!id || !range) return notUnderstood(words);
		return condition({
			words: option.negated ? `! ${words}` : words,
			test: frame => {
				// No process has the socket: that is nobody, and another than any that is named (xt_owner.c).
				if (!isSent(frame)) return option.negated;
				const value = frame.packet[id];
				return value === null ? null : inRange(value, range) !== option.negated;
			},
			has: frame => (isSent(frame) ? `sent as ${id} ${frame.packet[id] ?? 'unknown'}` : 'not sent by a process here'),
			asks: ['uid'],
		});
	});
}

function isSent({packet: {local, byKernel}, iif}: Frame): boolean {
	return local && iif === '' && !byKernel;
}

/** devgroup: the groups of the links by which the packet comes and goes (xt_devgroup.c). */
export function devgroupMatches(group: Group): Match[] {
	return group.options.map(option => {
		const words = optionWords(option);
		const end = option.name === '--src-group' ? 'iif' : option.name === '--dst-group' ? 'oif' : null;
		const wanted = parseMasked((option.values[0] ?? '').replace(/^default$/, '0'));
		if (!end || !wanted) return notUnderstood(words);
		// At a hook without such a link the kernel asks for none, which is in no group.
		const groupOf = (frame: Frame) => (frame[end] === '' ? 0 : (frame.env.link(frame[end])?.group ?? null));
		return condition({
			words,
			negated: option.negated,
			test: frame => {
				const value = groupOf(frame);
				return value === null ? null : (value & wanted.mask) >>> 0 === wanted.value;
			},
			has: frame => `the group of ${frame[end]} is ${groupOf(frame) ?? 'unknown'}`,
		});
	});
}

/** rpfilter: would an answer leave by the interface on which the packet arrived? */
export function rpfilterMatches(group: Group): Match[] {
	const given = (name: string) => group.options.some(option => option.name === name);
	const options = {loose: given('--loose'), validmark: given('--validmark'), acceptLocal: given('--accept-local')};
	return [
		condition({
			words: groupWords(group),
			test: frame => {
				const passes = frame.env.reversePath(frame.packet, options);
				return passes === null ? null : passes !== given('--invert');
			},
			has: () => (given('--invert') ? 'an answer would leave by the same interface' : 'an answer would leave by another interface'),
			asks: ['saddr'],
		}),
	];
}

/**
 * socket: is there one here that would take the packet? One for any address does not count without --nowildcard (xt_socket.c). Its
 * further questions cannot be answered from outside.
 */
export function socketMatches(group: Group): Match[] {
	const given = (name: string) => group.options.some(option => option.name === name);
	const further = given('--transparent') || given('--restore-skmark');
	return [
		condition({
			words: groupWords(group),
			test: frame => {
				const found = socketFor(frame);
				if (found === null) return null;
				if (found === 'none' || (found === 'any' && !given('--nowildcard'))) return false;
				return further ? null : true;
			},
			has: () => 'no socket here takes it',
		}),
	];
}

function between(value: AddressValue | null, from: AddressValue, to: AddressValue): Truth {
	if (value === null) return null;
	return typeof value === typeof from && from <= value && value <= to;
}
