import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/**
 * Two network namespaces with known things in them: "home" as an engine's host would look (a bridge docker0 that a veth leads from
 * into the other one), "box" as a container would. No engine runs: the readers ask the kernel alone.
 */
export interface KernelLab {
	/** A folder that everybody may read, removed with the lab. */
	folder: string;
	/** Arguments in front of a program that is to run in one of them. */
	enter(side: Side): string[];
	/** Runs a program to its end and gives what it printed; throws where it fails. */
	at(side: Side, ...argv: string[]): string;
	/** Starts a program, which is ready when it has printed its first line; ended with the lab. */
	start(side: Side, ...argv: string[]): Promise<ChildProcess & {pid: number}>;
	close(): Promise<void>;
}

export type Side = 'home' | 'box';

export function openKernelLab(): KernelLab {
	const names = {home: `dhk-home-${process.pid}`, box: `dhk-box-${process.pid}`};
	const enter = (side: Side) => ['nsenter', `--net=/run/netns/${names[side]}`];
	const folder = mkdtempSync(join(tmpdir(), 'dhk-'));
	const children: ChildProcess[] = [];
	const at = (side: Side, ...argv: string[]) => runNow([...enter(side), ...argv]);
	const lab: KernelLab = {
		folder,
		enter,
		at,
		async start(side, ...argv) {
			const [program = '', ...rest] = [...enter(side), 'setpriv', '--pdeathsig', 'KILL', ...argv];
			const child = spawn(program, rest, {stdio: ['ignore', 'pipe', 'inherit']});
			children.push(child);
			await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => Promise.reject(new Error(`${argv[0]} ended`)))]);
			return child as ChildProcess & {pid: number};
		},
		async close() {
			for (const child of children) await end(child);
			for (const name of Object.values(names)) runNow(['ip', 'netns', 'del', name]);
			rmSync(folder, {recursive: true, force: true});
		},
	};
	for (const name of Object.values(names)) runNow(['ip', 'netns', 'add', name]);
	for (const line of furnish(names.box)) at('home', ...line.split(' '));
	for (const line of furnishBox) at('box', ...line.split(' '));
	return lab;
}

const furnish = (box: string) => [
	'ip link set lo up',
	'ip link add docker0 type bridge stp_state 1 forward_delay 200',
	'ip addr add 198.18.0.1/24 dev docker0',
	`ip link add vhost type veth peer name eth0 netns ${box}`,
	'ip link set vhost master docker0',
	'bridge link set dev vhost isolated on hairpin on',
	'ip link set vhost up',
	'ip link set docker0 up',
	'ip route add unreachable 198.18.7.0/24',
	'ip route add default via 198.18.0.9 table 77',
	'ip -6 addr add 2001:db8:5::1/64 dev docker0 nodad',
	'ip rule add fwmark 0x5/0xff lookup 77 priority 50',
	'ip neigh add 198.18.0.77 lladdr 02:00:00:00:00:4d nud permanent dev docker0',
	'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.vhost.rp_filter=2',
	'iptables-nft -A FORWARD -d 198.18.0.2 -p tcp --dport 80 -m comment --comment known -j DROP',
	'nft add table inet own',
];

const furnishBox = [
	'ip link set lo up',
	'ip link set eth0 up',
	'ip addr add 198.18.0.2/24 dev eth0',
	'ip route add default via 198.18.0.1',
];

function runNow([program = '', ...argv]: string[]): string {
	return execFileSync(program, argv, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000});
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	child.kill('SIGKILL');
	await once(child, 'exit');
}
