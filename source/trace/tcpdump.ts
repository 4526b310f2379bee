import type {SeenError, SeenPacket, SeenQuestion} from '../model/index.js';
import {clean} from '../text/clean.js';

export type Line = {packet: SeenPacket} | {question: SeenQuestion} | {error: SeenError};

/**
 * One line of `tcpdump -i any -nn -tt -S`: a TCP or UDP packet, a question for a neighbour, or an ICMP error; null for any other
 * line. tcpdump(8) before 4.99 prints no interface for "any": then nothing is understood.
 */
export function tcpdumpLine(printed: string, place: string): Line | null {
	const line = clean(printed, printed.length);
	const match = /^(\d+)\.(\d{6}) (\S+) +(In|Out|P|B|M) +(.*)$/.exec(line);
	if (!match) return null;
	const [, seconds, fraction, name = '', direction, rest = ''] = match;
	const seen = {
		place,
		us: Number(seconds) * 1_000_000 + Number(fraction),
		interface: clean(name),
		direction: direction === 'Out' ? 'out' : 'in',
	} as const;
	for (const [answer, form] of neighbourWords) {
		const address = form.exec(rest)?.[1];
		if (address) return {question: {...seen, answer, address: address.replace(/[^0-9a-f.:]/gi, '')}};
	}
	const [, src = '', dst = '', says = ''] = /^IP6? (\S+) > (\S+): (.*)$/.exec(rest) ?? [];
	if (/^ICMP6?, .*unreachable|^ICMP .*(unreachable|unable to fragment|time exceeded)|^ICMP6, (packet too big|time exceeded)/i.test(says))
		return {error: {...seen, src, dst, says: clean(says.replace(/^ICMP6?,? /, '').replace(/, length.*$/, ''), 160)}};
	const [from, to] = [end(src), end(dst)];
	if (!from || !to) return null;
	const tcp = /^Flags \[([^\]]*)\]/.exec(says);
	return {
		packet: {
			...seen,
			src: from.address,
			sport: from.port,
			dst: to.address,
			dport: to.port,
			proto: tcp ? 'tcp' : 'udp',
			flags: [...(tcp?.[1] ?? '')].flatMap(letter => flags[letter] ?? []),
			...(direction === 'P' ? {strange: true as const} : {}),
			length: Number(/\blength (\d+)/.exec(says)?.[1] ?? /\((\d+)\)$/.exec(says)?.[1] ?? 0),
		},
	};
}

/** RFC 826 and 4861, as tcpdump prints them: whether it is an answer, and the address that it is about. */
const neighbourWords: [boolean, RegExp][] = [
	[false, /^ARP, Request who-has (\S+)/],
	[true, /^ARP, Reply (\S+) is-at/],
	[false, /^IP6 .*neighbor solicitation.*who has ([0-9a-f.:]+)/],
	[true, /^IP6 .*neighbor advertisement.*tgt is ([0-9a-f.:]+)/],
];

/** tcpdump's letters for TCP flags. */
const flags: Record<string, string> = {S: 'syn', '.': 'ack', F: 'fin', R: 'rst', P: 'psh'};

/** "172.17.0.2.80", "fd00::2.80" */
function end(text: string): {address: string; port: number} | null {
	const match = /^([0-9a-f.:]+)\.(\d+)$/i.exec(text);
	return match ? {address: match[1] ?? '', port: Number(match[2])} : null;
}
