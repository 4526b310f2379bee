import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import type {Path, Trace} from '../../source/model/index.ts';
import type {Observed} from '../../source/proof/proof.ts';
import {prove} from '../../source/proof/prove.ts';
import {traceLine, traceLines} from '../../source/rows/trace.ts';
import {traceDocument} from '../../source/rows/trace-json.ts';

const recorded = (name: string): {path: Path; trace: Trace} =>
	JSON.parse(readFileSync(new URL(`../proof/fixtures/${name}.json`, import.meta.url), 'utf8'));
const plain = {markdown: false, width: null};

it('a delivered request: when and as what it was seen at each hop', () => {
	const {path, trace} = recorded('lan-published');
	const lines = traceLines(prove(path, trace), 'trace', plain);
	expect(lines).toEqual([
		'trace',
		'    #  WHERE      HOP                             SEEN   µs  PACKET',
		' ✓  1  lan        client                          yes',
		' ✓  2  hardware   NIC eth0                        yes     0  10.99.0.2:45822 → 10.99.0.1:8080 syn',
		' ✓  3  host       NAPT: DNAT, DOCKER rule 8       yes        DOCKER rule 8: accept, 2 rules met',
		' ✓  4  host       route table main                yes',
		' ✓  5  host       filter FORWARD, 7 rules         yes        DOCKER rule 2: accept, 7 rules met',
		' ✓  6  host       bridge docker0                  yes   183  10.99.0.2:45822 → 172.17.0.2:80 syn',
		' ✓  7  host       veth vethc60bfc6                yes   252  10.99.0.2:45822 → 172.17.0.2:80 syn',
		' ✓  8  container  interface eth0                  yes   256  10.99.0.2:45822 → 172.17.0.2:80 syn',
		' ✓  9  container  port 80/tcp  as 127.0.0.1, www  yes',
		' ✓ 10  process    httpd (12258)                   yes',
		'delivered: the request and its answer were seen on their way.',
		'As explained.',
	]);
});

it('a request that vanished: between which hops, which counter moved, and that this is not what was explained', () => {
	const {path, trace} = recorded('vanished');
	const proof = prove(path, trace);
	const lines = traceLines(proof, 'trace', plain);
	expect(lines.at(-2)).toMatch(
		/^blocked at hop 6: vanished between bridge docker0 and (veth\S+) \(\1: dropped by qdisc .*\)\. {2}See it: tc -s qdisc show dev \1$/,
	);
	expect(lines.at(-1)).toBe('NOT AS EXPLAINED: the explanation was "delivered"; other than explained: hop 6, 7, 8.');
	expect(lines[7]).toMatch(/^ ✗ 6 .* no ! .*vanished between/);
	expect(traceLine(proof, '10.0.0.1:5')).toMatch(/^10\.0\.0\.1:5 {2}blocked at hop 6: vanished .* {2}\(not as explained\)$/);
	expect(traceLines(proof, 'a|b', {markdown: true, width: null}).slice(0, 3)).toEqual([
		'## a\\|b',
		'',
		'| VERDICT | # | WHERE | HOP | SEEN | µs | PACKET |',
	]);
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
