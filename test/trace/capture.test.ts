import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {capturedLine, type Line} from '../../source/trace/captured-line.ts';
import {type Captured, pcapReader} from '../../source/trace/pcap.ts';
import {runs} from '../runs.ts';

/** A real capture of an engine 28.5 (tcpdump 4.99, kernel 6.18): over DNAT, IPv6 through docker-proxy, loopback, ports where nobody listens. */
const file = readFileSync(join(import.meta.dirname, 'fixtures', 'tcpdump-4.99.pcap'));
/** The same packets as `tcpdump -nn -tt -r` prints them there. */
const printed = readFileSync(join(import.meta.dirname, 'fixtures', 'tcpdump-4.99.txt'), 'utf8')
	.trimEnd()
	.split('\n');

function read(...chunks: Buffer[]): {packets: Captured[]; whole: boolean} {
	const packets: Captured[] = [];
	const {feed} = pcapReader(packet => packets.push(packet));
	const fed = chunks.map(chunk => feed(chunk));
	return {packets, whole: fed.every(Boolean)};
}

describe('a capture', () => {
	const {packets} = read(file);
	/** Names of the links by their index, as they were printed. */
	const names = new Map(packets.map(({link}, index) => [link, /^\S+ (\S+)/.exec(printed[index] ?? '')?.[1] ?? '']));
	const lines = packets.map(packet => capturedLine(packet, 'host', names.get(packet.link) ?? ''));
	const at = (index: number) => lines[index - 1];

	it('says of every packet what tcpdump says of it', () => {
		expect(lines).toHaveLength(printed.length);
		expect(lines.map(told)).toEqual(printed.map(toldBy));
	});

	it('a TCP packet: interface, direction, microseconds, both ends, flags', () => {
		expect(at(1)).toEqual({
			packet: {
				place: 'host',
				us: 1796079404572158,
				interface: 'eth0',
				direction: 'in',
				src: '10.99.0.2',
				sport: 54786,
				dst: '10.99.0.1',
				dport: 8080,
				proto: 'tcp',
				flags: ['syn'],
				length: 0,
			},
		});
		expect(at(38)).toMatchObject({packet: {src: 'fd00:99::2', dst: 'fd00:99::1', dport: 8080, flags: ['syn']}});
		// A frame for another host that a bridge port took in.
		expect(at(9)).toMatchObject({packet: {direction: 'in', flags: ['syn', 'ack']}});
	});

	it('questions for a neighbour and their answers, datagrams, errors', () => {
		expect(at(2)).toMatchObject({question: {answer: false, address: '172.18.0.2', direction: 'out'}});
		expect(at(5)).toMatchObject({question: {answer: true, address: '172.18.0.2', direction: 'in'}});
		expect(at(36)).toMatchObject({question: {answer: false, address: 'fd00:99::1', interface: 'eth0', direction: 'in'}});
		expect(at(37)).toMatchObject({question: {answer: true, address: 'fd00:99::1', direction: 'out'}});
		expect(at(68)).toMatchObject({
			packet: {proto: 'udp', src: '172.18.0.1', sport: 37140, dst: '172.18.0.2', dport: 99, flags: [], length: 1},
		});
		expect(at(70)).toMatchObject({error: {src: '172.18.0.2', dst: '172.18.0.1', says: '172.18.0.2 udp port 99 unreachable'}});
		expect(at(74)).toMatchObject({error: {direction: 'out', says: 'fd00:99::1 udp port 99 unreachable'}});
	});

	it('comes in pieces of any size', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(file.length), {maxLength: 40}), cuts => {
				const at = [0, ...cuts.toSorted((a, b) => a - b), file.length];
				const chunks = at.slice(1).map((end, index) => file.subarray(at[index], end));
				expect(read(...chunks).packets).toEqual(packets);
			}),
			{numRuns: runs(15)},
		);
	});

	it('cut, overwritten or something else: no packet, or one without a character that a terminal would obey', () => {
		fc.assert(
			fc.property(fc.nat(file.length), fc.uint8Array({maxLength: 40}), (where, patch) => {
				const damaged = Buffer.concat([file.subarray(0, where), patch, file.subarray(where + patch.length)]);
				for (const packet of read(damaged.subarray(0, file.length - 7)).packets)
					expect(JSON.stringify(capturedLine(packet, 'host', 'eth0'))).not.toMatch(/[\p{Cc}\p{Cf}]|\\u00[01]/u);
			}),
			{numRuns: runs(80)},
		);
		// LINKTYPE_LINUX_SLL: what an older tcpdump writes does not tell the link.
		const older = Buffer.from(file);
		older.writeUInt32LE(113, 20);
		expect(read(older)).toEqual({packets: [], whole: false});
	});
});

/** What both say. */
function told(line: Line | null): string {
	if (line === null) return 'other';
	if ('question' in line)
		return `${line.question.interface} ${line.question.direction} ${line.question.answer ? 'here is' : 'who has'} ${line.question.address}`;
	if ('error' in line) return `${line.error.interface} ${line.error.direction} ${line.error.src} > ${line.error.dst}: error`;
	const {us, interface: link, direction, src, sport, dst, dport, flags, length} = line.packet;
	return `${us} ${link} ${direction} ${src}.${sport} > ${dst}.${dport}: ${[...flags].sort().join()} ${length}`;
}

function toldBy(text: string): string {
	const [, time = '', link, way, rest = ''] = /^(\S+) (\S+) +(In|Out|P|B|M) +(.*)$/.exec(text) ?? [];
	const direction = way === 'Out' ? 'out' : 'in';
	const asked = /Request who-has (\S+)|who has ([0-9a-f:]+)/.exec(rest);
	if (asked) return `${link} ${direction} who has ${asked[1] ?? asked[2]}`;
	const answered = /Reply (\S+) is-at|tgt is ([0-9a-f:]+)/.exec(rest);
	if (answered) return `${link} ${direction} here is ${answered[1] ?? answered[2]}`;
	const [, src, dst, says = ''] = /^IP6? (\S+) > (\S+): (.*)$/.exec(rest) ?? [];
	if (says.startsWith('ICMP')) return `${link} ${direction} ${src} > ${dst}: error`;
	const letters = [...(/^Flags \[([^\]]*)\]/.exec(says)?.[1] ?? '')];
	const names = letters.map(letter => ({S: 'syn', '.': 'ack', F: 'fin', R: 'rst', P: 'psh'})[letter] ?? letter);
	return `${time.replace('.', '')} ${link} ${direction} ${src} > ${dst}: ${names.sort().join()} ${/length (\d+)/.exec(says)?.[1]}`;
}
