import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {conntrackLine} from '../../source/trace/conntrack.ts';
import {nftMatches, pcapFilter} from '../../source/trace/filter.ts';
import {nftTrace} from '../../source/trace/nft-trace.ts';

const lines = (name: string) =>
	readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
		.trimEnd()
		.split('\n');

describe('nft monitor trace', () => {
	const trace = nftTrace('host', 'dockhop_t1', () => 7);
	for (const line of lines('nft-1.0.6.txt')) trace.line(line);

	it('a packet through the hooks: the ends of each, and its headers there', () => {
		const edges = trace.passes.filter(({edge}) => edge !== null).map(({layer, hook, edge}) => `${layer} ${hook} ${edge}`);
		expect(edges).toEqual(
			['ip prerouting', 'ip forward', 'ip postrouting', 'bridge output', 'bridge postrouting'].flatMap(hook => [
				`${hook} first`,
				`${hook} last`,
			]),
		);
		const [first, last] = trace.passes.filter(({hook, edge}) => hook === 'prerouting' && edge !== null);
		expect(first).toMatchObject({
			us: 7,
			packet: {iif: 'eth0', oif: null, src: '10.99.0.2', dst: '10.99.0.1', sport: 30000, dport: 8080, proto: 'tcp'},
			flags: ['syn'],
		});
		expect(last?.packet).toMatchObject({dst: '172.17.0.2', dport: 80});
	});

	it('the rules of each base chain with handle and verdict, in the hook that it is in', () => {
		const nat = trace.passes.find(({rules}) => rules[0]?.table === 'nat');
		expect(nat).toMatchObject({
			hook: 'prerouting',
			dropped: false,
			rules: [
				{family: 'ip', table: 'nat', chain: 'PREROUTING', handle: 3, verdict: 'jump DOCKER'},
				{
					family: 'ip',
					table: 'nat',
					chain: 'DOCKER',
					handle: 13,
					verdict: 'accept',
					text: 'iifname != "docker0" tcp dport 8080 dnat to 172.17.0.2:80',
				},
			],
		});
		expect(trace.passes.find(({rules}) => rules[0]?.table === 'raw')?.rules).toEqual([
			{family: 'ip', table: 'raw', chain: 'PREROUTING', handle: null, text: 'policy accept', verdict: 'policy accept'},
		]);
	});

	it.each([
		['tcp flags == syn tcp window 1', ['syn']],
		['tcp flags syn tcp window 1', ['syn']],
		['tcp flags == 0x18 tcp window 1', ['psh', 'ack']],
		['tcp flags fin,ack tcp window 1', ['fin', 'ack']],
		['tcp flags == fin | ack tcp window 1', ['fin', 'ack']],
	])('flags as versions of nft print them: %s', (words, flags) => {
		const other = nftTrace('host', 'own', () => 0);
		other.line(`trace id 1 ip filter INPUT packet: iif "a" ip saddr 10.0.0.1 ip daddr 10.0.0.2 tcp sport 1 tcp dport 2 ${words} `);
		expect(other.passes[0]?.flags).toEqual(flags);
	});

	it('a drop by a rule and by a policy; flags as a number', () => {
		const other = nftTrace('host', 'own', () => 0);
		other.line(
			'trace id 1 ip filter FORWARD packet: iif "a" oif "b" ip saddr 10.0.0.1 ip daddr 10.0.0.2 tcp sport 1 tcp dport 2 tcp flags == 0x12 tcp window 1 ',
		);
		other.line('trace id 1 ip filter FORWARD rule tcp dport 2 counter packets 0 bytes 0 drop # handle 4 (verdict drop)');
		other.line('trace id 2 ip6 filter INPUT packet: iif "a" ip6 saddr fd00::1 ip6 daddr fd00::2 udp sport 1 udp dport 2 udp length 9 ');
		other.line('trace id 2 ip6 filter INPUT policy drop ');
		expect(other.passes).toMatchObject([
			{dropped: true, flags: ['syn', 'ack'], rules: [{text: 'tcp dport 2 drop', handle: 4}]},
			{dropped: true, flags: [], packet: {src: 'fd00::1', proto: 'udp', dport: 2}, rules: [{handle: null, verdict: 'policy drop'}]},
		]);
	});

	it('a rule that came after nft had read the rules has a handle and no text; what is forgotten is gone, with its packets', () => {
		let us = 1;
		const late = nftTrace('host', 'dockhop_t1', () => us);
		// nft 1.0.6, of a rule that iptables put in meanwhile.
		late.line(
			'trace id 5e2b0c7d ip filter DOCKER-USER packet: iif "eth0" oif "docker0" ip saddr 10.99.0.2 ip daddr 172.17.0.2 tcp sport 37694 tcp dport 80 tcp flags == syn ',
		);
		late.line('trace id 5e2b0c7d ip filter DOCKER-USER unknown rule handle 36 (verdict drop)');
		expect(late.passes).toMatchObject([{dropped: true, rules: [{handle: 36, text: '', verdict: 'drop'}]}]);
		us = 9;
		late.forget(5);
		expect(late.passes).toEqual([]);
		late.line('trace id 5e2b0c7d ip filter DOCKER-USER unknown rule handle 36 (verdict drop)');
		expect(late.passes).toEqual([]);
	});
});

it('conntrack: the connection before and after NAT', () => {
	const [fresh, answered, datagram, , destroyed] = lines('conntrack-1.4.7.txt').map(line => conntrackLine(line, 'host'));
	expect(fresh).toEqual({
		place: 'host',
		us: 1795505789227425,
		event: 'NEW',
		state: 'SYN_SENT',
		proto: 'tcp',
		original: {src: '10.99.0.2', dst: '10.99.0.1', sport: 30000, dport: 8080},
		reply: {src: '172.17.0.2', dst: '10.99.0.2', sport: 80, dport: 30000},
		replied: false,
	});
	expect(answered).toMatchObject({event: 'UPDATE', state: 'SYN_RECV', replied: true});
	expect(datagram).toMatchObject({event: 'NEW', proto: 'udp', state: '', replied: false});
	expect(destroyed).toMatchObject({event: 'DESTROY', original: {dport: 5300}});
	expect(conntrackLine('conntrack v1.4.7 (conntrack-tools)', 'host')).toBeNull();
});

it('filters: by the ports alone, or with an address', () => {
	const filters = [
		{proto: 'tcp' as const, ports: [30000, 30015] as [number, number], address: null},
		{proto: 'udp' as const, ports: [53, 53] as [number, number], address: 'fd00::2'},
	];
	expect(pcapFilter(filters)).toMatch(/^\(tcp and portrange 30000-30015\) or \(udp and port 53 and host fd00::2\) or arp or /);
	expect(filters.flatMap(nftMatches)).toEqual([
		'meta l4proto tcp th dport 30000-30015',
		'meta l4proto tcp th sport 30000-30015',
		'ip6 daddr fd00::2 meta l4proto udp th dport 53',
		'ip6 saddr fd00::2 meta l4proto udp th sport 53',
	]);
	// What docker-proxy dials comes from this host: the rest of the traffic to that container is not looked at.
	const behind = {proto: 'tcp' as const, ports: [80, 80] as [number, number], address: '172.17.0.2', peers: ['172.17.0.1', '10.99.0.1']};
	expect(pcapFilter([behind])).toMatch(
		/^\(tcp and port 80 and host 172\.17\.0\.2 and \(host 172\.17\.0\.1 or host 10\.99\.0\.1\)\) or arp /,
	);
	expect(nftMatches(behind)).toEqual([
		'ip saddr {172.17.0.1, 10.99.0.1} ip daddr 172.17.0.2 meta l4proto tcp th dport 80',
		'ip daddr {172.17.0.1, 10.99.0.1} ip saddr 172.17.0.2 meta l4proto tcp th sport 80',
	]);
});
