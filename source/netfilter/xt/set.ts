import {condition, notUnderstood} from '../condition.js';
import type {Frame} from '../frame.js';
import type {SetKey} from '../ipset.js';
import type {Match} from '../model.js';
import type {XtContext} from './context.js';
import {portOf} from './ports.js';
import {type Group, optionWords} from './tokens.js';

/** set: membership in an ipset, one direction (src or dst) per dimension (iptables-extensions(8); net/netfilter/xt_set.c). */
export function setMatches(group: Group, context: XtContext): Match[] {
	const returnNomatch = group.options.some(option => option.name === '--return-nomatch');
	return group.options
		.filter(option => option.name !== '--return-nomatch' && !neutral.has(option.name))
		.map(option => {
			const words = optionWords(option);
			const [name = '', directions = ''] = option.values;
			if (option.name !== '--match-set') return notUnderstood(words);
			const ends = directions.split(',').map(end => (end === 'src' ? 'src' : 'dst'));
			return condition({
				words,
				negated: option.negated,
				test: frame => membership(frame, name, ends, returnNomatch, context),
				has: frame => `${ends.map(end => frame.packet[end]).join(', ')} is not what it asks for`,
				asks: ends.includes('src') ? ['saddr', 'sport', 'smac'] : [],
				doubt: () =>
					context.ipsetGap ?? {
						id: 'rule-not-understood',
						why: `${words}: the set is not known or has entries that were not understood`,
						tell: 'ipset save',
					},
			});
		});
}

function membership(frame: Frame, name: string, ends: ('src' | 'dst')[], returnNomatch: boolean, context: XtContext): boolean | null {
	const set = context.ipsets.get(name);
	if (!set) return null;
	const answer = set.has(
		frame.packet.family,
		ends.map(end => keyFor(frame, end)),
	);
	if (answer === null) return null;
	const member = answer === (returnNomatch ? 'except' : 'yes');
	// A rule before may have added it, or taken it out, just now.
	return frame.hasTouched(`ipset ${name}`) ? null : member;
}

function keyFor(frame: Frame, end: 'src' | 'dst'): SetKey {
	const {packet} = frame;
	return {
		address: frame[end],
		protocol: frame.protocol,
		port: portOf(frame, end === 'src' ? 'sport' : 'dport'),
		iface: end === 'src' ? frame.iif : frame.oif,
		physical: (end === 'src' ? packet.physIn : packet.physOut) ?? '',
		mac: end === 'src' ? packet.smac : packet.dmac,
		mark: packet.mark,
	};
}

/** They only leave the counters of the set alone. */
const neutral = new Set(['!--update-counters', '--update-counters', '--update-subcounters']);
