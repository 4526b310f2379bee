import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {build} from 'esbuild';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {askName} from '../../source/kernel/ask-name.js';
import {readConfined} from '../../source/kernel/confined-file.js';
import {readFdb} from '../../source/kernel/fdb.js';
import {readHost, readHostSockets} from '../../source/kernel/host.js';
import {netnsAt, netnsInode} from '../../source/kernel/identity.js';
import {findPids} from '../../source/kernel/local-pids.js';
import {readNetns} from '../../source/kernel/netns.js';
import {readProcess} from '../../source/kernel/process.js';
import {readSocketsOf} from '../../source/kernel/public-sockets.js';
import {readSocketOwners} from '../../source/kernel/socket-owners.js';
import {readSockets} from '../../source/kernel/sockets.js';
import {findVantage} from '../../source/kernel/vantage.js';
import {readVeths} from '../../source/kernel/veths.js';
import type {Container, Engine, Group, NetnsFacts} from '../../source/model/index.js';
import {type KernelLab, openKernelLab} from './kernel-lab.ts';

let lab: KernelLab;
let server: {pid: number};
let facts: NetnsFacts;

/** A server with one socket of each kind, and a unix socket like an engine's. */
const serve = `
const {createServer} = require('node:net');
const udp = require('node:dgram').createSocket('udp4');
const listen = options => new Promise(done => createServer().listen(options, done));
(async () => {
	await listen({host: '0.0.0.0', port: 80, backlog: 7});
	await listen({host: '127.0.0.1', port: 81});
	await listen({host: '::', port: 82});
	await listen({host: '::', port: 83, ipv6Only: true});
	await new Promise(done => udp.bind(53, '0.0.0.0', done));
	if (process.argv[1]) await listen({path: process.argv[1]});
	console.log('ready');
})();
`;

const idle = 'console.log(1); setInterval(() => {}, 1000)';

beforeAll(async () => {
	lab = openKernelLab();
	server = await lab.start('box', process.execPath, '--eval', serve);
	const inside = netnsAt(server.pid);
	const {pid} = await lab.start('home', process.execPath, '--eval', idle);
	facts = await readNetns({enter: lab.enter('home'), pid}, readSockets(inside.enter, await readSocketOwners()));
});
afterAll(() => lab?.close());

describe('a namespace with known things in it', () => {
	it('reads links: the bridge, its port and where the port leads', () => {
		expect(found(facts.links, link => link.name === 'docker0')).toMatchObject({kind: 'bridge', bridge: {stp: true}, up: true});
		expect(found(facts.links, link => link.name === 'vhost')).toMatchObject({
			kind: 'veth',
			master: 'docker0',
			linkNetnsid: expect.any(Number),
			port: {isolated: true, hairpin: true},
		});
	});

	it('reads addresses, routes of all tables, rules and neighbours', () => {
		expect(found(facts.addresses, one => one.address === '198.18.0.1')).toMatchObject({link: 'docker0', prefix: 24});
		expect(found(facts.addresses, one => one.address === '2001:db8:5::1')).toMatchObject({family: 6});
		expect(found(facts.routes, route => route.dst === '198.18.7.0/24')).toMatchObject({type: 'unreachable', table: 'main'});
		expect(found(facts.routes, route => route.table === '77')).toMatchObject({dst: '0.0.0.0/0', nexthops: [{gateway: '198.18.0.9'}]});
		expect(found(facts.routes, route => route.dst === '198.18.0.1/32')).toMatchObject({type: 'local', table: 'local'});
		expect(found(facts.routingRules, rule => rule.priority === 50)).toMatchObject({fwmark: 5, fwmask: 0xff, table: '77'});
		expect(found(facts.routingRules, rule => rule.family === 6 && rule.table === 'main')).toMatchObject({action: 'lookup'});
		expect(found(facts.neighbours, one => one.address === '198.18.0.77')).toMatchObject({mac: '02:00:00:00:00:4d', states: ['PERMANENT']});
		expect(found(facts.fdb, entry => entry.dev === 'vhost' && entry.state === 'permanent')).toMatchObject({master: 'docker0'});
	});

	it('reads the rules of every packet filter', () => {
		expect(value(facts.rulesets.iptables)).toMatch(/\[0:0\] -A FORWARD -d 198\.18\.0\.2\/32 -p tcp .*--comment known -j DROP/);
		expect(value(facts.rulesets.nft)).toContain('"name": "own"');
		expect(value(facts.rulesets.iptablesLegacy)).toBe('');
	});

	it('reads the switches of that namespace, not of this one', () => {
		expect(value(facts.sysctls)).toMatchObject({'net.ipv4.ip_forward': '1', 'net.ipv4.conf.vhost.rp_filter': '2'});
	});

	it('knows the namespace by the number that lsns shows', async () => {
		expect(await netnsInode(netnsAt(server.pid))).toBe(Number(readLinkOf(server.pid)));
	});
});

describe('sockets', () => {
	it('reads them with their owners, their queue and whether :: takes IPv4', () => {
		const on = (port: number) => found(facts.sockets, socket => socket.port === port);
		expect(on(80)).toMatchObject({proto: 'tcp', address: '0.0.0.0', queue: {waiting: 0, limit: 7}});
		expect(on(80).owners).toEqual([expect.objectContaining({pid: server.pid, state: 'S', frozen: false, container: null})]);
		expect(on(81)).toMatchObject({address: '127.0.0.1'});
		expect([on(82).v6only, on(83).v6only]).toEqual([false, true]);
		expect(on(53)).toMatchObject({proto: 'udp', state: 'bound'});
	});

	it('reads the same ones from /proc, which everybody may', async () => {
		const ports = (group: Group<{proto: string; port: number}[]>) =>
			value(group)
				.map(({proto, port}) => `${proto} ${port}`)
				.sort();
		expect(ports(await readSocketsOf(server.pid))).toEqual(ports(facts.sockets));
	});
});

describe('processes', () => {
	it('sees one that is stopped, and one that is frozen', async () => {
		const {pid} = await lab.start('box', process.execPath, '--eval', idle);
		process.kill(pid, 'SIGSTOP');
		await expect.poll(async () => value(await readProcess(pid)).state, {timeout: 15_000}).toBe('T');
		expect(value(await readProcess(pid))).toMatchObject({pid, frozen: false});
		process.kill(pid, 'SIGCONT');
		const thaw = freeze(pid);
		try {
			await expect.poll(async () => value(await readProcess(pid)).frozen, {timeout: 15_000}).toBe(true);
		} finally {
			thaw();
		}
	});

	it('finds the main process of a container by its cgroup, also where its engine counts in another pid namespace', async () => {
		const id = process.pid.toString(16).padStart(64, 'c');
		const parent = await lab.start('box', 'unshare', '--pid', '--fork', '--kill-child', process.execPath, '--eval', idle);
		const pid = Number(readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8'));
		const {leave} = moveTo(id, pid);
		try {
			const container = (pid: number) => [{id, pid}] as unknown as Container[];
			expect(await findPids(container(pid))).toEqual({[id]: pid});
			expect(await findPids(container(1))).toEqual({[id]: pid});
			expect(await findPids(container(server.pid))).toEqual({});
			expect(value(await readProcess(pid)).container).toBe(id);
		} finally {
			leave();
		}
	});

	it('has a gap for one that is gone', async () => {
		expect(await readProcess(2 ** 22 + 1)).toMatchObject({read: false, gap: {id: 'read-failed'}});
	});
});

describe('files below a root that others control', () => {
	const read = async (path: string) => (await readConfined(join(lab.folder, 'root'), [path]))[0] as Group<string>;

	beforeAll(() => {
		const root = join(lab.folder, 'root');
		for (const folder of ['etc', 'run', 'deep/er']) mkdirSync(join(root, folder), {recursive: true});
		writeFileSync(join(root, 'run/resolv.conf'), 'nameserver 192.0.2.53\n\u001b[2J');
		symlinkSync('/run/resolv.conf', join(root, 'etc/resolv.conf'));
		symlinkSync('../../../../../../../etc/passwd', join(root, 'etc/hosts'));
		symlinkSync('/deep', join(root, 'deep/er/again'));
		symlinkSync('loop', join(root, 'etc/loop'));
		execFileSync('mkfifo', [join(root, 'etc/pipe')]);
		writeFileSync(join(root, 'etc/huge'), Buffer.alloc(2 ** 22 + 1));
	});

	it('follows an absolute link within that root, and removes control characters', async () => {
		expect(value(await read('/etc/resolv.conf'))).toBe('nameserver 192.0.2.53\n�[2J');
		expect(value(await read('/deep/er/again/er/../../run/resolv.conf'))).toContain('nameserver');
	});

	it('never leaves it', async () => {
		expect(existsSync('/etc/passwd')).toBe(true);
		expect(value(await read('/etc/hosts'))).toBe('');
	});

	it('refuses pipes, folders, loops and what is too large; a missing file is a fact', async () => {
		for (const path of ['/etc/pipe', '/etc', '/etc/loop', '/etc/huge']) {
			expect(await read(path)).toMatchObject({read: false, gap: {id: 'read-failed'}});
		}
		expect(value(await read('/etc/nsswitch.conf'))).toBe('');
	});

	it('reads several as each of them alone, and leaves nothing open', async () => {
		const paths = ['/etc/hosts', '/etc/resolv.conf', '/etc/pipe', '/etc/nsswitch.conf', '/run/resolv.conf', '/etc/loop'];
		const open = () => readdirSync('/proc/self/fd').length;
		const before = open();
		expect(await readConfined(join(lab.folder, 'root'), paths)).toEqual(await Promise.all(paths.map(read)));
		await expect.poll(open).toBe(before);
	});
});

describe('names', () => {
	it('tells an address, a name without, a name that is none, and silence apart', async () => {
		await lab.start('home', 'sh', '-c', 'echo ready; exec "$@"', 'sh', ...dnsmasq);
		const ask = async (name: string, server = '127.0.0.1') => (await askName(lab.enter('home'), {from: 'box', name, servers: [server]}))[0];
		await expect
			.poll(() => ask('both.test'), {timeout: 15_000})
			.toEqual({
				from: 'box',
				name: 'both.test',
				server: '127.0.0.1',
				addresses: ['192.0.2.7', '2001:db8::7'],
				error: null,
			});
		expect(await ask('alias.test')).toMatchObject({addresses: [], error: null});
		expect(await ask('none.test')).toMatchObject({addresses: [], error: 'NXDOMAIN'});
		expect(await ask('both.test', '127.0.0.9')).toMatchObject({addresses: [], error: 'unreachable'});
		expect(await ask('both.test', '198.18.0.55')).toMatchObject({addresses: [], error: 'timeout'});
		expect((await ask('a'.repeat(300)))?.error).not.toBeNull();
	});
});

describe('vantage', () => {
	/** What the readers ask of an inventory: the engine's address, its host and its bridges. */
	const inventory = (socket: string, name: string, bridge = 'docker0') =>
		({
			url: `unix://${socket}`,
			hostName: hostname(),
			kernelVersion: name,
			networks: [{bridge}],
			containers: [],
		}) as unknown as Engine;
	const means = {copy: () => Promise.reject(new Error('no engine')), helper: null};
	const kernel = execFileSync('uname', ['-r'], {encoding: 'utf8'}).trim();

	it('finds the namespace in which the engine opened its socket, and reads that one', async () => {
		const socket = join(lab.folder, 'engine.sock');
		const {pid} = await lab.start('home', process.execPath, '--eval', serve.replace('bind(53', 'bind(0'), socket);
		const standpoint = await findVantage(inventory(socket, kernel), means);
		expect(standpoint).toMatchObject({vantage: {kind: 'root'}, gap: null});
		expect(await netnsInode(netnsAt(standpoint.pid ?? 0))).toBe(await netnsInode(netnsAt(pid)));
		const {host} = await readHost(standpoint, inventory(socket, kernel));
		expect(found(host.addresses, one => one.link === 'docker0')).toMatchObject({address: '198.18.0.1'});
		expect(found(await readHostSockets(standpoint), one => one.port === 80).owners).toContainEqual(expect.objectContaining({pid}));
	});

	it('gives nothing of a namespace that has none of the bridges', async () => {
		const socket = join(lab.folder, 'stray.sock');
		await lab.start('box', process.execPath, '--eval', serve.replaceAll(/port: 8\d/g, 'port: 0').replace('bind(53', 'bind(0'), socket);
		const standpoint = await findVantage(inventory(socket, kernel, 'br-nowhere'), means);
		expect(standpoint).toMatchObject({vantage: {kind: 'none', enter: []}, gap: {id: 'other-namespace'}});
		const reading = await readHost(standpoint, inventory(socket, kernel));
		expect(reading.host.links).toMatchObject({read: false, gap: {id: 'other-namespace'}});
	});

	it('knows the kernel of another host', async () => {
		expect(await findVantage(inventory('/run/forwarded.sock', '3.10.0-other'), means)).toMatchObject({gap: {id: 'other-host'}});
	});

	it('joins both ends of a veth as root, and by the MAC address that the bridge has learned without', async () => {
		const [{address: mac}] = JSON.parse(lab.at('box', 'ip', '-j', 'link', 'show', 'eth0'));
		const container = {id: 'box', endpoints: [{mac}]} as unknown as Container;
		const home = (asRoot: boolean) => ({pid: 'self' as const, asRoot});
		const pair = {containerId: 'box', interface: 'eth0', hostIndex: found(facts.links, link => link.name === 'vhost').index};
		const at = [{container, pid: server.pid}];
		// Its /sys is this system's own, as in a container that mounts it.
		expect(value(await readVeths(at, home(true), facts.links, async () => facts.fdb))).toEqual([{...pair, by: 'iflink'}]);
		await expect
			.poll(
				async () => {
					lab.at('box', 'busybox', 'arping', '-c', '1', '-w', '1', '-I', 'eth0', '198.18.0.1');
					return value(await readVeths(at, home(false), facts.links, () => readFdb(lab.enter('home'))));
				},
				{timeout: 15_000},
			)
			.toEqual([{...pair, by: 'fdb'}]);
	});
});

describe('without root', () => {
	it('has a gap with its reason for each thing that needs it, and reads the rest', async () => {
		const script = join(lab.folder, 'as-user.mjs');
		const source = (name: string) => JSON.stringify(join(import.meta.dirname, '../../source/kernel', name));
		await build({
			stdin: {
				contents: `
					import {readHost, readHostSockets} from ${source('host.ts')};
					import {readContainer} from ${source('container.ts')};
					const copy = async () => ({read: false, gap: {id: 'no-engine', why: '', tell: ''}});
					const standpoint = {vantage: {kind: 'user', words: '', enter: []}, gap: null, pid: null, pids: {box: ${server.pid}}, door: [], copy};
					const container = {id: 'box', name: 'box', pid: ${server.pid}, endpoints: [], hostsPath: null, resolvConfPath: null};
					const reading = await readHost(standpoint, {containers: [container], networks: []});
					console.log(JSON.stringify({...reading, sockets: await readHostSockets(standpoint), box: await readContainer(standpoint, container)}));`,
				resolveDir: import.meta.dirname,
				loader: 'ts',
			},
			bundle: true,
			platform: 'node',
			format: 'esm',
			outfile: script,
		});
		execFileSync('chmod', ['755', lab.folder]);
		const user = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--inh-caps=-all'];
		const seen = JSON.parse(lab.at('home', ...user, process.execPath, script));
		expect(found(seen.host.links, (link: {name: string}) => link.name === 'vhost')).toMatchObject({master: 'docker0'});
		expect(value(seen.host.sysctls)).toMatchObject({'net.ipv4.ip_forward': '1'});
		for (const name of ['iptables', 'ip6tables', 'nft', 'ipsets']) {
			expect(seen.host.rulesets[name]).toMatchObject({read: false, gap: {id: 'no-permission', tell: 'sudo dockhop'}});
		}
		expect(found(seen.sockets, (one: {port: number}) => one.port === 80)).toMatchObject({owners: null});
		expect(seen.box.netns.links).toMatchObject({read: false, gap: {id: 'no-permission'}});
		expect(found(seen.box.netns.addresses, (one: {link: string; family: number}) => one.link === 'eth0' && one.family === 4)).toMatchObject(
			{
				address: '198.18.0.2',
				prefix: 24,
			},
		);
		expect(seen.box.resolver.hosts).toMatchObject({read: false, gap: {id: 'no-permission'}});
		expect(found(seen.box.netns.sockets, (one: {port: number}) => one.port === 81)).toMatchObject({address: '127.0.0.1', owners: null});
		expect(value(seen.box.main)).toMatchObject({pid: server.pid, frozen: false});
	});
});

const dnsmasq = [
	...['dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--no-hosts', '--no-resolv', '--bind-interfaces', '--local=/#/'],
	...['--port=53', '--listen-address=127.0.0.1', '--host-record=both.test,192.0.2.7,2001:db8::7', '--txt-record=alias.test,words'],
];

function value<T>(group: Group<T>): T {
	if (!group.read) throw new Error(`${group.gap.id}: ${group.gap.why}`);
	return group.value;
}

function found<T>(group: Group<T[]>, is: (item: T) => boolean): T {
	const item = value(group).find(is);
	if (item === undefined) throw new Error('not among what was read');
	return item;
}

function readLinkOf(pid: number): string {
	return execFileSync('lsns', ['-t', 'net', '-n', '-o', 'NS', '-p', String(pid)], {encoding: 'utf8'}).trim();
}

/** Freezes a process as `docker pause` does, in a cgroup of its own; gives the way back. */
function freeze(pid: number): () => void {
	const {group, leave} = moveTo(`dhk-${process.pid}`, pid);
	const set = (frozen: boolean) =>
		hasV1
			? writeFileSync(join(group, 'freezer.state'), frozen ? 'FROZEN' : 'THAWED')
			: writeFileSync(join(group, 'cgroup.freeze'), frozen ? '1' : '0');
	set(true);
	return () => {
		set(false);
		leave();
	};
}

/** Moves a process to a new cgroup of that name, as an engine does with a container's; gives the way back. */
function moveTo(name: string, pid: number): {group: string; leave(): void} {
	const root = hasV1 ? '/sys/fs/cgroup/freezer' : '/sys/fs/cgroup';
	const home = readFileSync(`/proc/${pid}/cgroup`, 'utf8').match(hasV1 ? /:freezer:(.*)/ : /^0::(.*)/m)?.[1] ?? '/';
	const group = join(root, name);
	mkdirSync(group);
	writeFileSync(join(group, 'cgroup.procs'), String(pid));
	return {
		group,
		leave() {
			writeFileSync(join(root, home, 'cgroup.procs'), String(pid));
			rmdirSync(group);
		},
	};
}

const hasV1 = existsSync('/sys/fs/cgroup/freezer');
