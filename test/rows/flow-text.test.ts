import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {toAscii} from '../../source/rows/ascii.js';
import {type FlowTextOptions, flowLines} from '../../source/rows/flow-text.js';
import {dropped, published} from './paths.js';

const options: FlowTextOptions = {hostName: 'web-01', width: null, markdown: false, reply: false, rules: false, processFirst: false};

test('a request that arrives', () => {
	expect(flowLines(published(), options).join('\n')).toBe(
		`
lan → www:80, published 8080/tcp on web-01
    #  WHERE      HOP                             ADDRESS                     PORT
 ✓  1  lan        client                          198.51.100.1                50514
 ✓  2  hardware   NIC eth0                        198.51.100.2                8080
 ✓  3  host       NAPT: DNAT, DOCKER rule 2       198.51.100.2→172.17.0.2     8080→80
 ✓  4  host       route table main                172.17.0.0/16 dev docker0
 ✓  5  host       filter FORWARD, 1 rule          accepted by FORWARD rule 1
 ✓  6  host       bridge docker0                  172.17.0.1
 ✓  7  host       veth vethc06ae92                port 1 of docker0
 ✓  8  container  interface eth0                  172.17.0.2
 ✓  9  container  port 80/tcp  as 127.0.0.1, www  0.0.0.0, listening          80
 ✓ 10  process    nginx (4711)                    sees 198.51.100.1           80
delivered: the request arrives, and its answer comes back.  The process sees 198.51.100.1 as its client.`.trimStart(),
	);
});

test('a request that a rule drops: the hops behind are still shown, and what else would stop it is told', () => {
	const lines = flowLines(dropped(), options);
	expect(lines.slice(6)).toEqual([
		' ✗  5  host       filter FORWARD, 2 rules         dropped by your rule DOCKER-USER 2',
		' ·  6  host       bridge docker0                  172.17.0.1',
		' ·  7  host       veth vethc06ae92                port 1 of docker0',
		' ·  8  container  interface eth0                  172.17.0.2',
		' ✗  9  container  port 80/tcp  as 127.0.0.1, www  nothing listens                     80',
		' · 10  process    nginx (4711)                    sees 198.51.100.1                   80',
		'blocked at hop 5: dropped by your rule DOCKER-USER 2 (12 packets, 720 bytes so far).  See it: iptables -nvL DOCKER-USER --line-numbers',
		'also: behind it, hop 9 would stop the request: nothing listens',
	]);
});

test('--process-first turns the table round and keeps the numbers', () => {
	const lines = flowLines(published(), {...options, processFirst: true});
	expect(lines.slice(2, 12).map(line => Number(line.slice(3, 5)))).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

test('--rules lists every rule with why it matched or not', () => {
	const lines = flowLines(dropped(), {...options, rules: true});
	expect(lines.slice(lines.indexOf('Hop 5  filter FORWARD, 2 rules'))).toEqual([
		'Hop 5  filter FORWARD, 2 rules',
		'  ▸ filter FORWARD rule 1  -j DOCKER-USER  [jump to DOCKER-USER]',
		'  ▸ filter DOCKER-USER rule 2  -s 198.51.100.0/24 -j DROP  [drop]  your DOCKER-USER rule',
		'',
		...flowLines(dropped(), options).slice(-2),
	]);
});

test('--reply shows the way back', () => {
	const path = published();
	const reply = {verdict: 'blocked' as const, blockedAt: 0, hops: [{...path.hops[0], verdict: 'blocks' as const} as (typeof path.hops)[0]]};
	expect(flowLines({...path, reply}, options)).not.toContain('the way back: blocked at hop 1');
	expect(flowLines({...path, reply}, {...options, reply: true})).toContain('the way back: blocked at hop 1');
});

test.each([false, true])('a block on the way back is named by its hop there, and its cause is told once (Markdown: %s)', markdown => {
	const path = published();
	const [first] = path.hops;
	if (!first) throw new Error('no hops');
	const says = 'dropped by FORWARD rule 2';
	const reply = {verdict: 'blocked' as const, blockedAt: 0, hops: [{...first, verdict: 'blocks' as const, says}]};
	const findings = [{id: 'dropped', severity: 'error' as const, hop: 3, summary: says, remedy: '', evidence: []}];
	const lines = flowLines({...path, verdict: 'blocked', blockedAt: 3, lost: 'answer', reply, findings}, {...options, markdown});
	expect(lines).toContain(markdown ? '### the way back: blocked at hop 1' : 'the way back: blocked at hop 1');
	expect(lines).toContain(`blocked on the way back, at its hop 1: ${says}.`);
	expect(lines.join('\n')).not.toContain('why:');
});

test('an answer whose way cannot be told is shown unasked, and its reason is the verdict', () => {
	const path = published();
	const [first] = path.hops;
	if (!first) throw new Error('no hops');
	const unknown = {id: 'no-permission' as const, tell: 'sudo dockhop'};
	const hops = [{...first, verdict: 'undetermined' as const, says: 'rules are readable by root only', unknown}];
	const lines = flowLines({...path, verdict: 'undetermined', reply: {verdict: 'undetermined', blockedAt: null, hops}}, options);
	expect(lines).toContain('the way back: undetermined at hop 1');
	expect(lines.at(-1)).toBe('undetermined on the way back: rules are readable by root only.  To know: sudo dockhop');
});

test('on a narrow terminal names give way, numbers do not', () => {
	for (const line of flowLines(published(), {...options, width: 60}).slice(1, 12)) expect(line.length).toBeLessThanOrEqual(60);
	expect(flowLines(published(), {...options, width: 60})[4]).toBe(' ✓  3  host       DNAT,…ule 2  198.51.100…72.17.0.2  8080→80');
});

test('a very long alias does not make the column of the hops wide', () => {
	const path = published();
	const names = ['127.0.0.1', 'a-name-of-a-service-that-goes-on-and-on-and-on-for-ever', 'www', 'another-long-name-of-it', 'one-more'];
	const hops = path.hops.map(hop => (hop.kind === 'port' ? {...hop, names} : hop));
	const [, title = '', ...rows] = flowLines({...path, hops}, options);
	expect(rows[8]).toMatch(/port 80\/tcp {2}as 127\.0\.0\.1, a-name-of-\S+…\S+-for-ever, www, … {2}0\.0\.0\.0, listening/);
	expect(title.indexOf('ADDRESS') - title.indexOf('HOP')).toBeLessThanOrEqual(62);
	const wide = path.hops.map(hop => (hop.kind === 'nic' ? {...hop, name: 'n'.repeat(120)} : hop));
	expect(flowLines({...path, hops: wide}, options)[1]?.indexOf('ADDRESS')).toBe(title.indexOf('HOP') + 62);
	for (const line of flowLines({...path, hops: wide}, {...options, width: 80}).slice(1, 12))
		expect(stringWidth(line)).toBeLessThanOrEqual(80);
});

test('Markdown', () => {
	expect(flowLines(dropped(), {...options, markdown: true}).slice(0, 6)).toEqual([
		'## lan → www:80, published 8080/tcp on web-01',
		'',
		'| VERDICT | # | WHERE | HOP | ADDRESS | PORT |',
		'| --- | --: | --- | --- | --- | --- |',
		'| ✓ passes | 1 | lan | client | 198.51.100.1 | 50514 |',
		'| ✓ passes | 2 | hardware | NIC eth0 | 198.51.100.2 | 8080 |',
	]);
});

test('--ascii leaves no character outside ASCII', () => {
	expect(flowLines(dropped(), options).map(toAscii).join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
});
