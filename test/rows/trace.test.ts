import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import type {Path, Trace} from '../../source/model/index.ts';
import {compare} from '../../source/proof/compare.ts';
import type {Observed} from '../../source/proof/proof.ts';
import {prove} from '../../source/proof/prove.ts';
import {traceDocument} from '../../source/rows/trace-json.ts';
import {traceLines} from '../../source/rows/trace-text.ts';
import {comparisonWords, traceLine} from '../../source/rows/trace-words.ts';

const recorded = (name: string): {path: Path; trace: Trace} =>
	JSON.parse(readFileSync(new URL(`../proof/fixtures/${name}.json`, import.meta.url), 'utf8'));
const plain = {markdown: false, width: null, about: ''};

it('a delivered request: when and as what it was seen at each hop', () => {
	const {path, trace} = recorded('lan-published');
	const lines = traceLines(prove(path, trace), 'trace', plain);
	expect(lines).toEqual([
		'trace',
		'    #  WHERE      HOP                             SEEN   µs  TOOK  PACKET',
		' ✓  1  lan        client                          yes',
		' ✓  2  hardware   NIC eth0                        yes     0        10.99.0.2:45822 → 10.99.0.1:8080 syn',
		' ✓  3  host       NAPT: DNAT, DOCKER rule 8       yes              DOCKER rule 8: accept, 2 rules met',
		' ✓  4  host       route table main                yes',
		' ✓  5  host       filter FORWARD, 7 rules         yes              DOCKER rule 2: accept, 7 rules met',
		' ✓  6  host       bridge docker0                  yes   183  ▏     10.99.0.2:45822 → 172.17.0.2:80 syn',
		' ✓  7  host       veth vethc60bfc6                yes   252  ▏     10.99.0.2:45822 → 172.17.0.2:80 syn',
		' ✓  8  container  interface eth0                  yes   256  ▏     10.99.0.2:45822 → 172.17.0.2:80 syn',
		' ✓  9  container  port 80/tcp  as 127.0.0.1, www  yes',
		' ✓ 10  process    httpd (12258)                   yes        ████  first byte after 4.8 ms',
		' ✓                the answer, 8 hops back         yes   393  ▏     82 µs for its first packet, no retransmission',
		'delivered: the request and its answer were seen on their way.',
		'As explained.',
		'6.8 ms in all: connect 435 µs ▎  application 4.8 ms ██▉  rest 1.6 ms ▉',
	]);
});

it('a request that vanished: between which hops, which counter moved, and that this is not what was explained', () => {
	const {path, trace} = recorded('vanished');
	const proof = prove(path, trace);
	const lines = traceLines(proof, 'trace', plain);
	expect(lines.at(-3)).toMatch(
		/^blocked at hop 6: vanished between bridge docker0 and (veth\S+) \(\1: dropped by qdisc .*\)\. {2}See it: tc -s qdisc show dev \1$/,
	);
	expect(lines.at(-2)).toBe(
		'NOT AS EXPLAINED: the explanation was "delivered", seen was "blocked at hop 6"; other than explained: hop 6, 7, 8.',
	);
	expect(lines.at(-1)).toMatch(/^The first packet was sent again \d times?\.$/);
	expect(lines[7]).toMatch(/^ ✗ 6 .* no ! .*vanished between/);
	expect(traceLine(proof, '10.0.0.1:5')).toMatch(/^10\.0\.0\.1:5 {2}blocked at hop 6: vanished .* {2}\(not as explained\)$/);
});

it('in Markdown for a report of a fault: every cell is shown as it is, and the versions stand below', () => {
	const {path, trace} = recorded('vanished');
	const lines = traceLines(prove(path, trace), 'a|b', {markdown: true, width: null, about: 'dockhop 1'});
	expect(lines.slice(0, 3)).toEqual(['## a\\|b', '', '| VERDICT | # | WHERE | HOP | SEEN | µs | TOOK | PACKET |']);
	expect(lines.filter(line => line.startsWith('| ✗ blocks |'))).toHaveLength(1);
	expect(lines.slice(-2)).toEqual(['dockhop 1', '']);
});

it('an answer that is lost: at which hop, and the way back as a table of its own', () => {
	const {path, trace} = recorded('lan-published');
	const lost = (one: {flags: string[]; interface?: string; direction?: string}) =>
		one.flags.includes('syn') && !(one.interface === 'eth0' && one.direction === 'out' && one.flags.includes('ack'));
	const inside = trace.packets.filter(({place, flags}) => place !== 'host' && flags.includes('syn'));
	const packets = [...trace.packets.filter(one => one.place === 'host' && lost(one)), ...inside];
	const lines = traceLines(prove(path, {...trace, packets, passes: trace.passes.filter(lost)}), 'trace', plain);
	expect(lines.find(line => line.includes('the answer,'))).toMatch(/^ ✗ +the answer, 8 hops back +no .*vanished between/);
	expect(lines).toContain('the way back: answer lost at hop 8');
	expect(lines.find(line => line.startsWith('answer lost'))).toMatch(
		/^answer lost at hop \d+ \(hop 8 of the way back\): vanished between /,
	);
});

it('beside the one before: how much longer and what of it, or that it ended elsewhere', () => {
	const {path, trace} = recorded('host-through-proxy');
	const before = prove(path, trace);
	const slower = {...trace, probe: trace.probe && {...trace.probe, timings: {...trace.probe.timings, connect: 3.379, total: 6.276}}};
	expect(comparisonWords(compare(before, prove(path, slower)), '22:14:03')).toBe('as at 22:14:03, 2.1 ms longer (connect +2.0 ms)');
	expect(comparisonWords(compare(before, before), '22:14:03')).toBe('as at 22:14:03');
	const vanished = recorded('vanished');
	const now = prove(vanished.path, vanished.trace);
	expect(comparisonWords(compare(now, before), '22:14:03')).toBe('OTHERWISE THAN at 22:14:03: then blocked at hop 6');
});

it('the JSON: the flow, with what was seen on each hop, there and back', () => {
	const {path, trace} = recorded('lan-published');
	const document = traceDocument(prove(path, trace), null);
	expect(document).toMatchObject({
		schema: 'dockhop.flow/1',
		verdict: 'delivered',
		explained: {verdict: 'delivered', blockedAt: null, lost: null},
		agreement: true,
		differs: [],
		probe: null,
		reply: {verdict: 'delivered'},
	});
	const {hops, reply} = document as {hops: {observed: Observed}[]; reply: {hops: {observed: Observed}[]}};
	expect(hops[1]?.observed).toMatchObject({
		seen: true,
		rules: [],
		packets: [{interface: 'eth0', direction: 'in', us: 0, src: '10.99.0.2', dst: '10.99.0.1', dport: 8080, what: 'syn'}],
	});
	expect(hops[2]?.observed.rules.filter(({handle}) => handle !== null)).toMatchObject([
		{table: 'nat', chain: 'PREROUTING', rule: 1, verdict: 'jump DOCKER', explained: true},
		{table: 'nat', chain: 'DOCKER', verdict: 'accept', explained: true, text: expect.stringContaining('-j DNAT')},
	]);
	expect(reply.hops.every(hop => hop.observed.seen === true)).toBe(true);
});
