import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import type {ProbePlan} from '../../source/model/index.js';
import {probe} from '../../source/probe/probe.js';
import {plan as planOf} from '../probe/plan.js';
import {containerId, end, type Lab, openLab} from './probe-lab.js';

let lab: Lab;
beforeAll(async () => {
	lab = await openLab();
});
afterAll(() => lab.close());

const noExec = async () => {
	throw new Error('exec is not needed here');
};
const ask = (fields: Partial<ProbePlan>, signal = new AbortController().signal) =>
	probe(planOf(fields), {snapshot: lab.snapshot, exec: noExec}, signal);

describe('a server that answers', () => {
	it.each([
		['HTTP 200', {path: '/'}, {reached: true, httpStatus: 200, exitCode: 0, error: null}],
		['HTTP 404', {path: '/404'}, {reached: true, httpStatus: 404, exitCode: 22}],
		['HTTP 500', {path: '/500'}, {reached: true, httpStatus: 500, exitCode: 22}],
		['over IPv6', {host: 'fd77::2'}, {reached: true, httpStatus: 200, remoteAddress: 'fd77::2', localAddress: 'fd77::1'}],
		['a banner', {port: 22}, {reached: true, httpStatus: null, exitCode: 1, error: 'it answers, but not in HTTP'}],
		['plain HTTP to an https URL', {scheme: 'https' as const}, {reached: true, httpStatus: null, exitCode: 35}],
		['from a chosen address', {from: {kind: 'host' as const, address: '10.77.0.1'}}, {reached: true, localAddress: '10.77.0.1'}],
	])('%s', async (_what, fields, expected) => {
		expect(await ask(fields)).toMatchObject({...expected, agreement: true, errno: null});
	});

	it('gives times in order and both ends', async () => {
		const {timings, localPort, remotePort, command} = await ask({});
		expect(timings.connect).toBeGreaterThan(0);
		expect(timings.firstByte).toBeGreaterThanOrEqual(timings.connect ?? Number.NaN);
		expect(timings.total).toBeGreaterThanOrEqual(timings.firstByte ?? Number.NaN);
		expect(localPort).toBeGreaterThan(1023);
		expect({remotePort, command}).toEqual({remotePort: 80, command: 'curl --fail http://10.77.0.2/'});
	});
});

describe('a connection that brings no byte', () => {
	it.each([
		['a server that waits in silence took it', 23, {reached: true, exitCode: 28}],
		['one that closes on HTTP took a connection on which nothing is sent', 26, {reached: true, exitCode: 52}],
		['one that closes whatever comes did not', 24, {reached: false, exitCode: 52}],
		['one that resets whatever comes did not', 25, {reached: false, exitCode: expect.toBeOneOf([7, 56])}],
		['one that never reads did not', 27, {reached: false, exitCode: 28}],
	])('%s', async (_what, port, expected) => {
		expect(await ask({port})).toMatchObject({...expected, errno: null, error: expect.any(String)});
	});

	it('a stopped process (SIGSTOP) did not', async () => {
		lab.servers.kill('SIGSTOP');
		const result = await ask({}).finally(() => lab.servers.kill('SIGCONT'));
		expect(result).toMatchObject({reached: false, agreement: false, exitCode: 28, errno: null});
		expect(result.error).toContain('paused');
	});

	it('a frozen cgroup (docker pause) did not', async () => {
		const thaw = freeze(lab.servers);
		const result = await ask({port: 23}).finally(thaw);
		expect(result).toMatchObject({reached: false, exitCode: 28, errno: null});
	});

	it('cannot be judged where the target is out of sight', async () => {
		expect(await ask({port: 23, target: null})).toMatchObject({reached: null, agreement: null, exitCode: 28});
	});

	describe('behind a real docker-proxy', () => {
		const proxied = {host: '127.0.0.1', port: 8080, target: {containerId, port: 80}};
		let proxy: ChildProcess;
		const start = async (port: number) => {
			const argv = [
				'-proto',
				'tcp',
				'-host-ip',
				'127.0.0.1',
				'-host-port',
				'8080',
				'-container-ip',
				'10.77.0.2',
				'-container-port',
				String(port),
			];
			proxy = lab.start('host', 'docker-proxy', ...argv);
			await once(proxy.stdio[3] as NodeJS.ReadableStream, 'data');
		};
		afterEach(() => end(proxy));

		it('that dials in vain, nothing arrived, whatever else the target is asked meanwhile', async () => {
			await start(80);
			lab.at(
				'target',
				'nft',
				'add table inet wall; add chain inet wall in { type filter hook input priority 0; }; add rule inet wall in iif eth0 tcp dport 80 drop',
			);
			const other = lab.start('target', 'sh', '-c', 'sleep 0.5; sleep 2 | busybox nc 127.0.0.1 80');
			const result = await ask(proxied).finally(() => lab.at('target', 'nft', 'delete table inet wall'));
			await end(other);
			expect(result).toMatchObject({reached: false, agreement: false, exitCode: 28});
		});

		it('that is refused, it is closed at once', async () => {
			await start(81);
			expect(await ask(proxied)).toMatchObject({reached: false, exitCode: expect.toBeOneOf([52, 56])});
		});

		it('a silent server took it', async () => {
			await start(23);
			expect(await ask({...proxied, target: {containerId, port: 23}})).toMatchObject({reached: true, exitCode: 28});
		});
	});
});

describe('a request that does not arrive', () => {
	it.each([
		['refused', {port: 99}, 'ECONNREFUSED', 7],
		['no neighbour answers', {host: '10.77.0.9', timeoutSeconds: 5}, 'EHOSTUNREACH', 7],
		['no neighbour answers over IPv6', {host: 'fd77::9', timeoutSeconds: 5}, 'EHOSTUNREACH', 7],
		['no route', {host: '198.51.100.1'}, 'ENETUNREACH', 7],
		['an address that the host does not have', {from: {kind: 'host' as const, address: '10.55.0.1'}}, 'EADDRNOTAVAIL', 45],
		['a name that nobody knows', {host: 'nosuch.invalid'}, null, 6],
	])('%s', async (_what, fields, errno, exitCode) => {
		expect(await ask(fields)).toMatchObject({
			reached: false,
			agreement: false,
			errno,
			exitCode,
			httpStatus: null,
			error: expect.any(String),
		});
	});

	it.each([
		['drop', 'ETIMEDOUT'],
		['reject with tcp reset', 'ECONNREFUSED'],
		['reject with icmp type port-unreachable', 'ECONNREFUSED'],
		['reject with icmp type host-unreachable', 'EHOSTUNREACH'],
		['reject with icmp type net-unreachable', 'ENETUNREACH'],
		['reject with icmp type admin-prohibited', 'EHOSTUNREACH'],
		['reject with icmp type prot-unreachable', 'ENOPROTOOPT'],
	])('%s', async (verdict, errno) => {
		lab.at(
			'target',
			'nft',
			`add table ip wall; add chain ip wall in { type filter hook input priority 0; }; add rule ip wall in tcp dport 80 ${verdict}`,
		);
		const result = await ask({explained: 'blocked'}).finally(() => lab.at('target', 'nft', 'delete table ip wall'));
		expect(result).toMatchObject({reached: false, agreement: true, errno});
	});

	it.each([
		['unreachable', 'EHOSTUNREACH'],
		['prohibit', 'EACCES'],
		['blackhole', 'EINVAL'],
	])('a route of type %s', async (type, errno) => {
		lab.at('host', 'ip', 'route', 'add', type, '203.0.113.0/24');
		expect(await ask({host: '203.0.113.1'})).toMatchObject({reached: false, errno, exitCode: 7});
		lab.at('host', 'ip', 'route', 'del', type, '203.0.113.0/24');
	});
});

describe('UDP', () => {
	it.each([
		['an answer', {port: 7}, {reached: true, errno: null, error: null, remotePort: 7}],
		['an answer over IPv6', {port: 7, host: 'fd77::2'}, {reached: true, remoteAddress: 'fd77::2'}],
		['from a chosen address', {port: 7, from: {kind: 'host' as const, address: '10.77.0.1'}}, {reached: true, localAddress: '10.77.0.1'}],
		['an ICMP error', {port: 8}, {reached: false, errno: 'ECONNREFUSED'}],
		['silence', {port: 9}, {reached: null, agreement: null, errno: null}],
		['no route', {port: 9, host: '198.51.100.1'}, {reached: false, errno: 'ENETUNREACH'}],
		['a name that nobody knows', {port: 9, host: 'nosuch.invalid'}, {reached: false, errno: null}],
	])('%s', async (_what, fields, expected) => {
		expect(await ask({scheme: 'udp', timeoutSeconds: 1, ...fields})).toMatchObject({exitCode: null, ...expected});
	});

	it('a rule that drops it as it leaves', async () => {
		lab.at(
			'host',
			'nft',
			'add table ip wall; add chain ip wall out { type filter hook output priority 0; }; add rule ip wall out udp dport 7 drop',
		);
		const result = await ask({scheme: 'udp', port: 7}).finally(() => lab.at('host', 'nft', 'delete table ip wall'));
		expect(result).toMatchObject({reached: false, errno: 'EPERM'});
	});
});

describe('from a container without curl', () => {
	const from = {kind: 'container' as const, id: containerId};

	it('asks by its own hosts file and leaves no mount behind', async () => {
		const mounts = () => readFileSync('/proc/self/mounts', 'utf8').match(/^\S+ \/(etc|sys)(\/\S*)? .*$/gm);
		const before = mounts();
		const result = await ask({from, host: 'itself'});
		expect(result).toMatchObject({reached: true, httpStatus: 200, remoteAddress: '10.77.0.2'});
		expect(mounts()).toEqual(before);
	});

	it('a silent server on its own loopback took it', async () => {
		expect(await ask({from, host: '127.0.0.1', port: 23, timeoutSeconds: 1})).toMatchObject({reached: true, exitCode: 28});
	});

	it('asks the servers of its own resolv.conf', async () => {
		const result = await ask({from, host: 'nosuch.invalid'});
		expect(result).toMatchObject({reached: false, errno: null, exitCode: expect.toBeOneOf([6, 28])});
	});

	it('sends a datagram', async () => {
		expect(await ask({from, host: 'itself', scheme: 'udp', port: 7})).toMatchObject({reached: true});
	});
});

describe('given up', () => {
	it('ends within a second and leaves no process', async () => {
		const abort = new AbortController();
		setTimeout(() => abort.abort(), 300);
		const began = performance.now();
		await expect(ask({port: 23, path: '/given-up', timeoutSeconds: 20}, abort.signal)).rejects.toMatchObject({name: 'AbortError'});
		expect(performance.now() - began).toBeLessThan(1300);
		expect(commandLines().filter(line => line.includes('/given-up'))).toEqual([]);
	});

	it('leaves no process after kill -9', async () => {
		const script = `
			const {probe} = await import(process.argv[1]);
			await probe(JSON.parse(process.argv[2]), {snapshot: JSON.parse(process.argv[3])}, new AbortController().signal);`;
		const {build} = await import('esbuild');
		const bundle = join(tmpdir(), `dhp-${process.pid}.mjs`);
		await build({
			entryPoints: ['source/probe/probe.ts'],
			bundle: true,
			platform: 'node',
			format: 'esm',
			outfile: bundle,
			logLevel: 'error',
		});
		const plan = JSON.stringify(planOf({port: 23, path: '/killed', timeoutSeconds: 20}));
		const argv = ['--input-type=module', '--eval', script, '--', bundle, plan, JSON.stringify(lab.snapshot)];
		const child = spawn(process.execPath, argv, {stdio: 'inherit'});
		const curls = () => commandLines().filter(line => line.startsWith('curl') && line.includes('/killed'));
		for (let tries = 0; curls().length === 0 && tries < 50; tries++) await sleep(100);
		expect(curls()).toHaveLength(1);
		child.kill('SIGKILL');
		await once(child, 'exit');
		await sleep(200);
		rmSync(bundle);
		expect(curls()).toEqual([]);
	});
});

function commandLines(): string[] {
	return readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.flatMap(pid => {
			try {
				return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
			} catch {
				return [];
			}
		});
}

/** What docker pause does, with either version of cgroups; gives the way back. */
function freeze({pid}: ChildProcess): () => void {
	const v1 = existsSync('/sys/fs/cgroup/freezer');
	const root = v1 ? '/sys/fs/cgroup/freezer' : '/sys/fs/cgroup';
	const group = `${root}/dhp-${process.pid}`;
	mkdirSync(group);
	writeFileSync(`${group}/cgroup.procs`, String(pid));
	const [file, frozen, thawed] = v1 ? ['freezer.state', 'FROZEN', 'THAWED'] : ['cgroup.freeze', '1', '0'];
	writeFileSync(`${group}/${file}`, frozen);
	return () => {
		writeFileSync(`${group}/${file}`, thawed);
		writeFileSync(`${root}/cgroup.procs`, String(pid));
		rmdirSync(group);
	};
}
