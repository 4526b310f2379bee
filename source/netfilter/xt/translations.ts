import {parsePrefix} from '../../address/value.js';
import type {Frame} from '../frame.js';
import type {Action, Effect} from '../model.js';
import {type NatRange, translate, undecided} from '../nat.js';
import type {Option} from './tokens.js';

/** DNAT, SNAT, MASQUERADE, REDIRECT, NETMAP (iptables-extensions(8)). They are asked for the first packet of a connection only. */
export function natTarget(
	name: 'DNAT' | 'SNAT' | 'MASQUERADE' | 'REDIRECT' | 'NETMAP',
): (options: Option[], words: string) => Action['act'] {
	return (options, words) => {
		const value = (option: string) => options.find(({name}) => name === option)?.values[0];
		const random = options.some(option => option.name === '--random' || option.name === '--random-fully');
		const plain = {net: null, base: null, random};
		if (name === 'NETMAP') {
			const net = parsePrefix(value('--to') ?? '');
			return frame =>
				net ? translate(frame, {manip: manipAt(frame), address: null, net, port: null, base: null, random: false}, words) : unread(words);
		}
		if (name === 'MASQUERADE' || name === 'REDIRECT') {
			const ports = parsePorts(value('--to-ports') ?? '');
			return frame => {
				if (ports === null) return unread(words);
				const address =
					name === 'MASQUERADE' ? frame.env.masqueradeAddress(frame.packet) : frame.env.redirectAddress(frame.packet, frame.hook);
				if (address === null) return undecided(words, 'the address that the kernel would choose is not known');
				const range = {...plain, manip: name === 'MASQUERADE' ? 'src' : 'dst', address: {from: address, to: address}, ...ports} as const;
				return translate(frame, range, words);
			};
		}
		const target = parseTarget(value(name === 'DNAT' ? '--to-destination' : '--to-source') ?? '');
		return frame => (target ? translate(frame, {...plain, manip: name === 'DNAT' ? 'dst' : 'src', ...target}, words) : unread(words));
	};
}

/** "1.2.3.4", "1.2.3.4-1.2.3.9:80-90", "[fd00::1]:80", ":80", "fd00::1"; null where it is none of these. */
export function parseTarget(text: string): Pick<NatRange, 'address' | 'port' | 'base'> | null {
	const parts = /^(?:\[([^\]]*)\]|([\da-f:]*:[\da-f:]*:[\da-f:.]*(?:-[\da-f:.]+)?)|([\d.-]*))(?::([\d/-]+))?$/i.exec(text);
	if (!parts || text === '') return null;
	const [from = '', to = from] = (parts[1] ?? parts[2] ?? parts[3] ?? '').replace(/[[\]]/g, '').split('-');
	const ports = parsePorts(parts[4] ?? '');
	return ports && {address: from === '' ? null : {from, to}, ...ports};
}

/** "80", "80-90", "80-90/1000", "" for none. */
function parsePorts(text: string): Pick<NatRange, 'port' | 'base'> | null {
	if (text === '') return {port: null, base: null};
	const parts = /^(\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(text);
	if (!parts) return null;
	const from = Number(parts[1]);
	return {port: {from, to: Number(parts[2] ?? from)}, base: parts[3] === undefined ? null : Number(parts[3])};
}

/** The hook decides which end a NETMAP rewrites (xt_NETMAP.c). */
function manipAt(frame: Frame): 'src' | 'dst' {
	return frame.hook === 'prerouting' || frame.hook === 'output' ? 'dst' : 'src';
}

function unread(words: string): Effect {
	return {kind: 'unknown', doubt: {id: 'rule-not-understood', why: `${words}: not understood`, tell: 'a trace of a real request'}};
}
