import {readFile} from 'node:fs/promises';
import type {Group, ProxyProcess} from '../model/index.js';
import {clean} from '../text/clean.js';
import {netnsOf} from './identity.js';
import {noRight} from './program.js';
import {listPids} from './socket-owners.js';

/**
 * The docker-proxy processes of the engine whose namespace `pid` is in (null: ours), by their argument vectors
 * (/proc/PID/cmdline is readable by everybody). Other engines' proxies live in other namespaces. A gap where /proc hides other
 * users' processes (mount option hidepid).
 */
export async function readProxies(pid: number | null): Promise<Group<ProxyProcess[]>> {
	const source = '/proc/*/cmdline';
	const here = await netnsOf(pid ?? 'self');
	if (here === null || (await netnsOf(1)) === null) return {read: false, gap: noRight('the list of processes')};
	const found = await Promise.all(listPids().map(pid => readProxy(pid, here)));
	return {read: true, value: found.filter(proxy => proxy !== null), source, command: 'pgrep -a docker-proxy'};
}

async function readProxy(pid: number, netns: number): Promise<ProxyProcess | null> {
	const cmdline = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
	const proxy = parseProxy(pid, cmdline);
	return proxy && (await netnsOf(pid)) === netns ? proxy : null;
}

/** The argument vector of cmd/docker-proxy in moby, each argument ended by NUL; null where it is another program's. */
export function parseProxy(pid: number, cmdline: string): ProxyProcess | null {
	const [program = '', ...args] = cmdline.split('\0');
	if (program.split('/').at(-1) !== 'docker-proxy') return null;
	const value = (name: string) => {
		const at = args.findIndex(arg => arg === `-${name}` || arg === `--${name}`);
		return at < 0 ? '' : clean(args[at + 1] ?? '');
	};
	const proto = value('proto') || 'tcp';
	const hostPort = portOf(value('host-port'));
	const containerPort = portOf(value('container-port'));
	if (!(proto === 'tcp' || proto === 'udp' || proto === 'sctp') || !hostPort || !containerPort) return null;
	return {pid, proto, hostAddress: value('host-ip'), hostPort, containerAddress: value('container-ip'), containerPort};
}

/** Anybody may call a program docker-proxy: 0 where it is no port. */
function portOf(text: string): number {
	return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : 0;
}
