import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Path} from '../../source/model/index.js';
import {explain} from '../../source/path/explain.js';
import {parseOrigin} from '../../source/path/origin.js';
import {parseTarget} from '../../source/path/target.js';
import {follow} from '../../source/session/follow.js';
import {liveSession} from '../../source/session/live.js';
import {engineAnswers} from '../lab/daemon.ts';
import {type Firewall, startFirewalld, startUfw} from '../lab/firewalls.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {lanReaches} from './flow-checks.ts';

/** Firewalls of users beside Docker's rules: what the walk says is what happens, and why a published port is open all the same. */
describe.each([
	{
		name: 'ufw',
		start: startUfw,
		allow: ['allow', '9000/tcp'],
		deny: ['deny', '8080/tcp'],
		says: /filter ufw-user-input rule \d+ \(your ufw rule\) drops 8080\/tcp in INPUT, which is not met: PREROUTING comes before it/,
	},
	{
		name: 'firewalld',
		start: startFirewalld,
		allow: ['--add-port=9000/tcp'],
		deny: ['--add-rich-rule=rule family=ipv4 port port=8080 protocol=tcp drop'],
		says: /firewalld filter_IN_public_deny rule \d+ \(firewalld\) drops 8080\/tcp in INPUT, which is not met: PREROUTING comes before it/,
	},
])('$name beside the rules of engine 28.5', ({start, allow, deny, says}) => {
	const lab = useLab({engine: '28.5'}, sceneSix);
	let firewall: Firewall;
	beforeAll(async () => {
		firewall = await start(lab());
	});
	afterAll(() => firewall?.stop());

	it('started after the engine', () => agree(lab(), ':8080'));

	it('started before the engine', async () => {
		await restartEngine(lab());
		await agree(lab(), ':8080');
		await agree(lab(), ':8081');
	});

	it('a process of the host is refused, and let in where the firewall allows it', async () => {
		await agree(lab(), ':9000', 'blocked');
		await firewall.command(...allow);
		await agree(lab(), ':9000', 'delivered');
	});

	it('a published port is open although the firewall denies it, and the walk says why', async () => {
		await firewall.command(...deny);
		const path = await agree(lab(), ':8080', 'delivered');
		const hop = path.hops.find(one => one.name === 'PREROUTING' && one.packetAfter !== null);
		expect(hop?.says).toMatch(says);
		expect(hop?.evidence.at(-1)?.command).toMatch(/^(iptables|nft) /);
	});
});

describe('rules elsewhere than in iptables, on engine 28.5', () => {
	const lab = useLab({engine: '28.5'}, sceneSix);

	it.each([
		{
			name: 'a filter on the bridge, between two containers',
			rules: (address: string) => `table bridge guard {\nchain f {\ntype filter hook forward priority 0;\nip daddr ${address} drop\n}\n}\n`,
			table: ['bridge', 'guard'],
			from: 'app',
			to: 'web:80',
			stop: 'bridge FORWARD',
		},
		{
			name: 'a drop at the NIC itself',
			rules: () => 'table netdev guard {\nchain i {\ntype filter hook ingress device eth0 priority 0;\ntcp dport 8081 drop\n}\n}\n',
			table: ['netdev', 'guard'],
			from: 'lan',
			to: ':8081',
			stop: 'ingress eth0',
		},
	])('$name', async ({rules, table, from, to, stop}) => {
		const before = await explained(lab(), to, from);
		expect(before.verdict).toBe('delivered');
		const address = before.hops.findLast(hop => hop.kind === 'interface')?.address ?? '';
		await lab().host(['nft', '-f', '-'], {stdin: rules(address)});
		try {
			const path = await explained(lab(), to, from);
			expect({verdict: path.verdict, at: path.hops[path.blockedAt ?? -1]?.name, lost: path.lost}).toEqual({
				verdict: 'blocked',
				at: stop,
				lost: 'request',
			});
			expect(await reaches(lab(), from, address)).toBe(false);
		} finally {
			await lab().host(['nft', 'delete', 'table', ...table]);
		}
		expect(await reaches(lab(), from, address)).toBe(true);
	});

	it('legacy tables beside those of nft: either may refuse', async () => {
		await lab().host(['iptables-legacy', '-P', 'FORWARD', 'DROP']);
		try {
			const path = await agree(lab(), ':8080', 'blocked');
			expect(path.hops[path.blockedAt ?? -1]?.command).toMatch(/^iptables-legacy /);
		} finally {
			await lab().host(['iptables-legacy', '-P', 'FORWARD', 'ACCEPT']);
		}
		await agree(lab(), ':8080', 'delivered');
	});
});

/** Stops dockerd and starts it again, with its containers: its rules are written anew. */
async function restartEngine(lab: Lab): Promise<void> {
	const file = (name: string) => join(lab.folder, name);
	const names = (await lab.docker('ps', '--format', '{{.Names}}')).split('\n');
	process.kill(Number(await readFile(file('dockerd.pid'), 'utf8')), 'SIGTERM');
	await expect.poll(() => engineAnswers(lab.socket), {timeout: 30_000}).toBe(false);
	await expect.poll(() => existsSync(file('dockerd.pid')), {timeout: 30_000}).toBe(false);
	const daemon = lab.start('host', [
		...['dockerd', '--host', `unix://${lab.socket}`, '--containerd', file('containerd.sock'), '--pidfile', file('dockerd.pid')],
		...['--data-root', file('data'), '--exec-root', file('exec'), '--config-file', file('daemon.json')],
	]);
	await daemon.until(() => engineAnswers(lab.socket), 60_000);
	await lab.docker('start', ...names);
}

/** Explains a request from the LAN and sends it: both have to come to the same. */
async function agree(lab: Lab, target: string, verdict?: Path['verdict']): Promise<Path> {
	const path = await explained(lab, target, 'lan');
	const reached = await lanReaches(lab, `http://${lab.address.host}${target}/`);
	const why = path.hops.map(hop => `${hop.kind} ${hop.name} ${hop.verdict}: ${hop.says}`).join('\n');
	expect(path.verdict, why).toBe(reached ? 'delivered' : 'blocked');
	if (verdict) expect(path.verdict, why).toBe(verdict);
	return path;
}

async function explained(lab: Lab, target: string, origin: string): Promise<Path> {
	const [parsedTarget, parsedOrigin] = [parseTarget(target), parseOrigin(origin)];
	if ('usage' in parsedTarget || 'usage' in parsedOrigin) throw new Error(`${origin} → ${target} cannot be asked`);
	const session = liveSession({host: `unix://${lab.socket}`, context: null});
	try {
		await session.ready();
		const {explanation} = await follow(session, {target: parsedTarget, origin: parsedOrigin, family: 4}, explain);
		if ('usage' in explanation) throw new Error(explanation.usage);
		return explanation.path;
	} finally {
		await session.close();
	}
}

async function reaches(lab: Lab, from: string, address: string): Promise<boolean> {
	if (from === 'lan') return lanReaches(lab, `http://${lab.address.host}:8081/`);
	const ran = await lab.host(['docker', 'exec', from, 'curl', '-sS', '--max-time', '2', '-o', '/dev/null', `http://${address}/`], {
		mayFail: true,
	});
	return ran.code === 0;
}
