import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readlinkSync} from 'node:fs';
import {join} from 'node:path';
import type {ContainerFacts, Engine, NetnsFacts, Snapshot} from '../../source/model/index.js';

/**
 * Two network namespaces joined by a veth pair: "host" (10.77.0.1, fd77::1) and "target" (10.77.0.2, fd77::2) with a real server
 * process in it. The snapshot says only what a probe asks of it: who lives where.
 */
export interface Lab {
	servers: ChildProcess;
	/** Runs a program in one of the two; throws where it fails. */
	at(side: 'host' | 'target', ...argv: string[]): string;
	/** Starts one, ended with the lab. It gets a pipe as descriptor 3, where docker-proxy says that it is ready. */
	start(side: 'host' | 'target', ...argv: string[]): ChildProcess;
	snapshot: Snapshot;
	close(): Promise<void>;
}

export const containerId = 'b'.repeat(64);

export async function openLab(): Promise<Lab> {
	const names = {host: `dhp-h${process.pid}`, target: `dhp-t${process.pid}`};
	const enter = (side: 'host' | 'target') => ['nsenter', `--net=/var/run/netns/${names[side]}`];
	const started: ChildProcess[] = [];
	const ip = (...argv: string[]) => execFileSync('ip', argv, {encoding: 'utf8'});
	const at: Lab['at'] = (side, ...argv) => {
		const [program = '', ...rest] = [...enter(side), ...argv];
		return execFileSync(program, rest, {encoding: 'utf8', stdio: 'pipe'});
	};
	const start: Lab['start'] = (side, ...argv) => {
		const [program = '', ...rest] = [...enter(side), ...argv];
		const child = spawn(program, rest, {stdio: ['ignore', 'pipe', 'inherit', 'pipe']});
		started.push(child);
		return child;
	};
	const close = async () => {
		for (const child of started) await end(child);
		for (const name of Object.values(names)) execFileSync('ip', ['netns', 'del', name]);
	};
	for (const name of Object.values(names)) ip('netns', 'add', name);
	ip('-n', names.host, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', names.target);
	for (const [side, last] of [
		['host', 1],
		['target', 2],
	] as const) {
		at(side, 'ip', 'addr', 'add', `10.77.0.${last}/24`, 'dev', 'eth0');
		at(side, 'ip', 'addr', 'add', `fd77::${last}/64`, 'dev', 'eth0', 'nodad');
		for (const link of ['lo', 'eth0']) at(side, 'ip', 'link', 'set', link, 'up');
	}
	const servers = start('target', process.execPath, join(import.meta.dirname, 'probe-servers.js'));
	await once(servers.stdout as NodeJS.ReadableStream, 'data');
	return {servers, at, start, close, snapshot: snapshotOf(servers.pid ?? 0, enter('host'))};
}

/** Ends a program that the lab started, if it has not ended by itself. */
export async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await once(child, 'exit');
}

function snapshotOf(pid: number, enter: string[]): Snapshot {
	const read = <T>(value: T) => ({read: true as const, value, source: 'lab', command: ''});
	const host: NetnsFacts = {
		...emptyNetns(),
		addresses: read(
			['10.77.0.1', 'fd77::1'].map(address => ({
				link: 'eth0',
				family: address.includes(':') ? 6 : 4,
				address,
				prefix: 24,
				peer: null,
				scope: 'global',
				flags: [],
			})),
		),
	};
	const facts: ContainerFacts = {
		netns: {...emptyNetns(), inode: Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[0])},
		resolver: {hosts: read('10.77.0.1 caller\n10.77.0.2 itself\n'), resolvConf: read('nameserver 127.0.0.11\n'), nsswitch: notRead()},
		main: notRead(),
	};
	const endpoints = [{address: '10.77.0.2', address6: 'fd77::2'}];
	const container = {id: containerId, name: 'web', pid, hostsPath: null, resolvConfPath: null, endpoints};
	return {
		schema: 'dockhop.snapshot/1',
		takenAt: '',
		hostName: 'lab',
		vantage: {kind: 'root', words: '', enter},
		engine: read({flavour: 'docker', containers: [container]} as unknown as Engine),
		host,
		hostResolver: {hosts: notRead(), resolvConf: notRead(), nsswitch: notRead()},
		proxies: notRead(),
		veths: notRead(),
		containers: {[containerId]: facts},
		answers: [],
	};
}

function notRead() {
	return {read: false as const, gap: {id: 'not-read' as const, why: 'the lab reads only what a probe asks for', tell: ''}};
}

function emptyNetns(): NetnsFacts {
	const gap = notRead();
	const rulesets = {iptables: gap, ip6tables: gap, iptablesLegacy: gap, ip6tablesLegacy: gap, nft: gap, ipsets: gap};
	const groups = {links: gap, addresses: gap, routes: gap, routingRules: gap, neighbours: gap, fdb: gap, sockets: gap, sysctls: gap};
	return {inode: null, ...groups, rulesets};
}
