import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, expect, it} from 'vitest';
import type {EngineName} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {restartEngine} from '../lab/restart-engine.ts';
import {doctor, flow, note, why} from './ask.ts';
import {until} from './fault.ts';

/** Faults of the engine itself: a Swarm without its mesh, settings of daemon.json, rules that were flushed under it. They run last and in this order: each but the Swarm's starts it anew. */
export function settingFaults(lab: () => Lab, engine: EngineName): void {
	afterAll(() => lab().host(['sysctl', '-w', 'net.ipv4.ip_forward=1']));

	it('a Swarm whose routing mesh has not come up', {timeout: 120_000}, async () => {
		const name = 'the routing mesh of a Swarm has not come up';
		await note(engine, name, 'swarm-ingress', 'missed');
		await lab().host(['docker', 'swarm', 'leave', '--force'], {mayFail: true});
		await lab().docker('swarm', 'init', '--advertise-addr', lab().address.host);
		const task = ['busybox', 'httpd', '-f', '-p', '80', '-h', '/www'];
		const create = ['service', 'create', '--detach', '--no-resolve-image'];
		await lab().docker(...create, '--name', 'mesh', '--publish', '8090:80', ...task);
		await lab().docker(...create, '--name', 'direct', '--publish', 'mode=host,target=80,published=8091', ...task);
		await until(lab(), '1/1\n1/1', 'service', 'ls', '--format', '{{.Replicas}}');
		expect(await ids()).toEqual(['swarm-ingress']);
		const path = await flow(lab(), [':8090', '--from', 'lan']);
		expect(path, why(path)).toMatchObject({verdict: 'blocked', findings: [{id: 'swarm-ingress', hop: path.blockedAt}]});
		expect(await lanGets(8090)).toBe(false);
		// A port that no service has is another matter, and one that does without the mesh answers.
		const other = await flow(lab(), [':8099', '--from', 'lan']);
		expect(other.findings.map(({id}) => id)).toEqual(['nothing-listens']);
		const direct = await flow(lab(), [':8091', '--from', 'lan']);
		expect(direct.verdict, why(direct)).toBe('delivered');
		expect(await lanGets(8091)).toBe(true);
		await note(engine, name, 'swarm-ingress', 'found');
	});

	it('a Swarm is left: the embedded DNS has forgotten every name', {timeout: 120_000}, async () => {
		const name = 'after `docker swarm leave` the embedded DNS knows no name any more';
		await note(engine, name, '', 'wrong');
		await lab().docker('swarm', 'leave', '--force');
		expect((await lab().host(['docker', 'exec', 'app', 'curl', '-sS', '-m', '3', 'http://web/'], {mayFail: true})).code).not.toBe(0);
		expect(await ids('web:80', '--probe', '--timeout', '2')).toContain('not-as-explained');
		await note(engine, name, '', 'found by a request (--probe)');
	});

	it('the firewall is flushed under an engine that runs: its restart mends it', {timeout: 120_000}, async () => {
		const name = 'the firewall was flushed after the engine had started';
		await note(engine, name, 'engine-rules-missing', 'missed');
		for (const table of ['filter', 'nat']) await lab().host(['iptables', '-t', table, '-F']);
		const {findings} = await doctor(lab());
		expect(findings.map(({id}) => id)).toContain('engine-rules-missing');
		expect(findings.find(({id}) => id === 'nat-rule-missing')?.remedy).toMatch(/^systemctl restart docker/);
		await restarted({'userland-proxy': false});
		expect(await ids()).toEqual([]);
		expect(await lanGets(8080)).toBe(true);
		await note(engine, name, 'engine-rules-missing', 'found, and the remedy works');
	});

	it('userland-proxy: false is no fault, and localhost needs route_localnet then', {timeout: 120_000}, async () => {
		const name = 'userland-proxy: false, and 127.0.0.0/8 may not be routed (route_localnet=0)';
		await note(engine, name, 'martian', 'missed');
		// The engine was started with it by the test before.
		expect(await hostGets('127.0.0.1:8080')).toBe(true);
		await lab().host(['sysctl', '-w', 'net.ipv4.conf.docker0.route_localnet=0', 'net.ipv4.conf.all.route_localnet=0']);
		const path = await flow(lab(), ['www:80']);
		expect(path, why(path)).toMatchObject({verdict: 'blocked', findings: [{id: 'martian'}]});
		expect(await hostGets('127.0.0.1:8080')).toBe(false);
		await lab().host(['sh', '-c', path.findings[0]?.remedy ?? 'false']);
		expect(await hostGets('127.0.0.1:8080')).toBe(true);
		expect(await ids()).toEqual([]);
		await note(engine, name, 'martian', 'found, and the remedy works');
	});

	it('iptables: false: no rule is there, ports go through docker-proxy, and nothing is masqueraded', {timeout: 120_000}, async () => {
		const name = 'the engine makes no rules (iptables: false)';
		await note(engine, name, 'engine-rules-missing', 'missed');
		await restarted({iptables: false}, 'nft flush ruleset');
		const {findings} = await doctor(lab());
		expect(new Set(findings.map(({id}) => id))).toEqual(new Set(['engine-rules-missing', 'nat-rule-missing', 'not-masqueraded']));
		expect(findings.find(({id}) => id === 'engine-rules-missing')?.remedy).toMatch(/^take "iptables": false out of /);
		const path = await flow(lab(), ['www:80', '--from', 'lan']);
		expect(path.verdict, why(path)).toBe('delivered');
		expect(await lanGets(8080)).toBe(true);
		await lab().host(['iptables', '-P', 'FORWARD', 'DROP']);
		const out = await flow(lab(), ['10.99.0.2:80', '--from', 'app']);
		expect(out, why(out)).toMatchObject({verdict: 'blocked', findings: [{id: 'engine-rules-missing', hop: out.blockedAt}]});
		await lab().host(['iptables', '-P', 'FORWARD', 'ACCEPT']);
		await note(engine, name, 'engine-rules-missing', 'found');
	});

	it('ip-forward: false: nothing is forwarded', {timeout: 120_000}, async () => {
		const name = 'the engine does not switch forwarding on (ip-forward: false)';
		await note(engine, name, 'forwarding-off', 'missed');
		await restarted({'ip-forward': false}, 'sysctl -w net.ipv4.ip_forward=0');
		const [finding, ...more] = (await doctor(lab())).findings;
		expect(more).toEqual([]);
		expect(finding).toMatchObject({id: 'forwarding-off', remedy: 'sysctl -w net.ipv4.ip_forward=1'});
		expect(await lanGets(8080)).toBe(false);
		await lab().host(['sh', '-c', finding?.remedy ?? 'false']);
		expect(await lanGets(8080)).toBe(true);
		expect(await ids()).toEqual([]);
		await note(engine, name, 'forwarding-off', 'found, and the remedy works');
	});

	it.runIf(engine === '20.10')('ip6tables: true, and the IPv6 NAT rules are flushed', {timeout: 120_000}, async () => {
		const name = 'the IPv6 NAT rules of published ports were flushed (ip6tables: true)';
		await note(engine, name, 'nat-rule-missing', 'missed');
		await restarted({experimental: true, ip6tables: true});
		await lab().docker('network', 'create', '--ipv6', '--subnet', 'fd00:66::/64', 'six');
		await lab().docker('run', '-d', '--name', 'v6', '--network', 'six', '-p', '8701:80', 'tiny', '/tiny', 'serve', '[::]:80');
		const asked = [`[${lab().address.host6}]:8701`, '--from', 'lan'];
		expect((await flow(lab(), asked)).findings).toEqual([]);
		await lab().host(['ip6tables', '-t', 'nat', '-F', 'DOCKER']);
		const path = await flow(lab(), asked);
		expect(path, why(path)).toMatchObject({verdict: 'delivered', findings: [{id: 'nat-rule-missing', remedy: 'docker restart v6'}]});
		await lab().docker('restart', '-t', '0', 'v6');
		expect((await flow(lab(), asked)).findings).toEqual([]);
		await note(engine, name, 'nat-rule-missing', 'found, and the remedy works');
	});

	async function restarted(settings: object, between = 'true'): Promise<void> {
		await writeFile(join(lab().folder, 'daemon.json'), JSON.stringify({dns: [lab().address.lan], ...settings}));
		await lab().host(['sh', '-c', between]);
		// An engine that ends waits ten seconds for a container that heeds no SIGTERM.
		const names = (await lab().docker('ps', '--format', '{{.Names}}')).split('\n');
		await lab().docker('kill', ...names);
		await restartEngine(lab());
		await lab().docker('start', ...names);
	}

	async function ids(...args: string[]): Promise<string[]> {
		return (await doctor(lab(), args)).findings.map(({id}) => id);
	}

	async function lanGets(port: number): Promise<boolean> {
		const url = `http://${lab().address.host}:${port}/`;
		return (await lab().lan(['curl', '-sS', '-m', '2', '-o', '/dev/null', url], {mayFail: true})).code === 0;
	}

	async function hostGets(where: string): Promise<boolean> {
		return (await lab().host(['curl', '-sS', '-m', '2', '-o', '/dev/null', `http://${where}/`], {mayFail: true})).code === 0;
	}
}
