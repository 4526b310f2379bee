import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Path} from '../../source/model/index.js';
import {engines} from '../lab/engines.ts';
import {type Firewall, startFirewalld, startUfw} from '../lab/firewalls.ts';
import type {Lab} from '../lab/lab.ts';
import {restartEngine} from '../lab/restart-engine.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {curl, told as tracedLines, traceLan} from './trace-lab.ts';
import {agrees, type Flow, type Row, told, walkAndSend} from './walk-and-send.ts';

/**
 * Firewalls of users beside Docker's rules, started behind the engine and before it: what the walk says is what happens and what the
 * kernel's trace shows, and it says why a published port is open although the firewall denies it.
 */
const firewalls = [
	{
		name: 'ufw',
		start: startUfw,
		allow: (port: string) => ['allow', port],
		/** ufw keeps one rule for a port: the last one. */
		deny: (port: string) => [['deny', port]],
		denyRouted: ['route', 'deny', 'proto', 'tcp', 'from', 'any', 'to', 'any', 'port', '80'],
		denies: (port: string) => new RegExp(`filter ufw6?-user-input rule \\d+ \\(your ufw rule\\) drops ${port} in INPUT`),
	},
	{
		name: 'firewalld',
		start: startFirewalld,
		allow: (port: string) => [`--add-port=${port}`],
		deny: (port: string) => [
			[`--remove-port=${port}`],
			[`--add-rich-rule=rule port port=${port.split('/')[0]} protocol=${port.split('/')[1]} drop`],
		],
		denyRouted: null,
		denies: (port: string) => new RegExp(`firewalld filter_IN_public_deny rule \\d+ \\(firewalld\\) drops ${port} in INPUT`),
	},
];

/** Published by DNAT, over IPv4 and IPv6; through docker-proxy; a process of the host; and what stays within the host. */
const ports = {dnat4: '8080/tcp', udp: '5301/udp', dnat6: '8051/tcp', proxied: '8052/tcp', host: '9000/tcp'};
const flows: Flow[] = [
	...['10.99.0.1:8080', '10.99.0.1:5301/udp', '[fd00:99::1]:8051', '[fd00:99::1]:8080', '10.99.0.1:9000', '[fd00:99::1]:9000'].map(
		target => ({origin: 'lan', target}),
	),
	...['172.17.0.1:8080', '172.17.0.1:9000', '172.17.0.1:5301/udp'].map(target => ({origin: 'app', target})),
	...['127.0.0.1:8080', '10.99.0.1:8080', '[::1]:8051', '127.0.0.1:9000'].map(target => ({origin: 'host', target})),
];

describe.each(engines)('on engine %s', engine => {
	// From 27 on an engine writes IPv6 rules without being asked.
	const daemonJson = engine === '28.5' ? {} : {experimental: true, ip6tables: true};
	const lab = useLab({engine, daemonJson}, async made => {
		await sceneSix(made);
		await made.docker('run', '-d', '--name', 'echo', '-p', '5301:53/udp', 'tiny', '/tiny', 'serve', '--udp', '0.0.0.0:53');
		await made.docker('network', 'create', '--ipv6', '--subnet', 'fd00:66::/64', 'six');
		await made.docker('run', '-d', '--name', 'six', '--network', 'six', '-p', '8051:80', 'tiny', '/tiny', 'serve', '[::]:80');
	});

	describe.each(firewalls)('$name', ({start, allow, deny, denies, denyRouted}) => {
		let firewall: Firewall;
		beforeAll(async () => {
			firewall = await start(lab());
		});
		afterAll(async () => {
			await firewall?.stop();
			await restartEngine(lab());
		});
		const allowAll = async () => {
			for (const port of Object.values(ports)) await firewall.command(...allow(port));
		};
		const denyAll = async () => {
			for (const port of Object.values(ports)) for (const words of deny(port)) await firewall.command(...words);
		};

		it('started after the engine', async () => {
			const rows = await agree(lab());
			expect(rows.find(row => isFlow(row, 'lan', '10.99.0.1:9000'))?.path.verdict).toBe('blocked');
		});

		it('allows the ports', async () => {
			await allowAll();
			const rows = await agree(lab());
			expect(rows.find(row => isFlow(row, 'lan', '10.99.0.1:9000'))?.path.verdict).toBe('delivered');
		});

		it('denies the ports, and the published ones are open all the same', async () => {
			await denyAll();
			const rows = await agree(lab());
			expect(rows.find(row => isFlow(row, 'lan', '10.99.0.1:9000'))?.path.verdict).toBe('blocked');
			saysWhyOpen(rows, denies);
		});

		it('started before the engine: denied, and open all the same', async () => {
			await restartEngine(lab(), firewall.env);
			// An engine that finds firewalld makes a zone of its own there, and firewalld forgets what it had not kept.
			await denyAll();
			const rows = await agree(lab());
			expect(rows.find(row => isFlow(row, 'lan', '10.99.0.1:8080'))?.path.verdict).toBe('delivered');
			saysWhyOpen(rows, denies);
		});

		it.each(['10.99.0.1:8080', '[fd00:99::1]:8051', '[fd00:99::1]:8080', '10.99.0.1:9000', '10.99.0.1:5301/udp'])(
			"the kernel's own trace of a request for %s shows the rules and the verdict of the walk",
			async target => {
				const [, address, port] = /^\[?(.*?)\]?:(\d+)/.exec(target) ?? [];
				const datagram = `echo "0 udp ${address} ${port}" | ${process.execPath} ${join(import.meta.dirname, 'asker.js')}`;
				const send = target.endsWith('/udp') ? ['sh', '-c', datagram] : curl(`http://${target}/`);
				const document = await traceLan(lab(), [target], send);
				expect(document, tracedLines(document)).toMatchObject({agreement: true, differs: []});
				const rules = document.hops.flatMap(hop => hop.observed.rules).filter(({rule}) => rule !== null);
				expect(rules.length).toBeGreaterThan(1);
				// What the walk had said of each rule that the kernel names: it matches.
				expect(rules.filter(({explained}) => explained !== true)).toEqual([]);
			},
		);

		it.runIf(denyRouted)('it denies what is routed to a published port, which is open all the same, and the walk says why', async () => {
			await firewall.command(...(denyRouted ?? []));
			const rows = await agree(lab());
			const row = rows.find(one => isFlow(one, 'lan', '10.99.0.1:8080'));
			expect(row?.path.verdict).toBe('delivered');
			expect(row?.path.hops.find(({name}) => name === 'FORWARD')?.says).toMatch(
				/filter ufw-user-forward rule \d+ \(your ufw rule\) drops 80\/tcp behind it, and is not met: filter DOCKER\S* rule \d+ accepts the packet before$/,
			);
		});

		it('started before the engine, it allows the ports', async () => {
			await allowAll();
			await agree(lab());
		});
	});
});

/** Explains all requests and sends them: both have to come to the same. */
async function agree(lab: Lab): Promise<Row[]> {
	const rows = await walkAndSend(lab, flows);
	expect(rows.filter(row => !agrees(row)).map(told)).toEqual([]);
	return rows;
}

/** Every open port whose destination is rewritten says which rule would have refused it, in which hook, and what comes before that. */
function saysWhyOpen(rows: readonly Row[], denies: (port: string) => RegExp): void {
	const open = [
		{target: '10.99.0.1:8080', port: ports.dnat4},
		{target: '10.99.0.1:5301/udp', port: ports.udp},
		{target: '[fd00:99::1]:8051', port: ports.dnat6},
	];
	for (const {target, port} of open) {
		const row = rows.find(one => isFlow(one, 'lan', target));
		if (row?.path.verdict !== 'delivered') continue;
		const hop = rewriting(row.path);
		expect(hop?.says, told(row)).toMatch(denies(port));
		expect(hop?.says).toContain('in INPUT, which is not met: PREROUTING comes before it and sends the packet to FORWARD');
		expect(hop?.evidence.at(-1)?.command).toMatch(/^(ip6?tables|nft) /);
	}
}

function rewriting({hops}: Path) {
	return hops.find(one => one.name === 'PREROUTING' && one.packetAfter !== null);
}

function isFlow(flow: Flow, origin: string, target: string): boolean {
	return flow.origin === origin && flow.target === target;
}
