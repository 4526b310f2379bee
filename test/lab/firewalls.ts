import {cp, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Lab} from './lab.ts';
import {legacyPrograms} from './legacy-iptables.ts';
import {ensurePrograms} from './packages.ts';

/** A firewall of the user's own on the lab's host. */
export interface Firewall {
	/** Runs its command (ufw, firewall-cmd) with these arguments; gives what it printed. */
	command(...args: string[]): Promise<string>;
	/** Variables by which an engine that is started finds it: firewalld is told of the engine's bridges over its bus. */
	env: Record<string, string>;
	stop(): Promise<void>;
}

/**
 * Switches ufw on in the lab's host, with a configuration of its own: this machine's stays as it is. `legacy`: its iptables is
 * iptables-legacy.
 */
export async function startUfw(lab: Lab, {legacy = false} = {}): Promise<Firewall> {
	await ensurePrograms(lab.journal, {ufw: 'ufw'});
	const folder = join(lab.folder, 'ufw');
	// Its policies stand in /etc/default/ufw, and it knows one place for its files and one iptables: it gets a mount namespace of its own.
	for (const own of ['ufw', 'default']) await cp(join('/etc', own), join(folder, own), {recursive: true});
	const mounts = ['ufw', 'default'].map(own => `mount --bind "$0/${own}" /etc/${own}`);
	if (legacy) mounts.push(`mount --bind ${legacyPrograms} /usr/sbin/xtables-nft-multi`);
	const argv = ['unshare', '--mount', 'sh', '-c', `${mounts.join(' && ')} && exec ufw "$@"`, folder];
	const command = async (...args: string[]) => (await lab.host([...argv, ...args])).stdout;
	await command('--force', 'enable');
	return {
		command,
		env: {},
		stop: async () => {
			await command('disable');
		},
	};
}

/** Starts firewalld in the lab's host, with a bus and a configuration of its own. */
export async function startFirewalld(lab: Lab): Promise<Firewall> {
	await ensurePrograms(lab.journal, {firewalld: 'firewalld', 'dbus-daemon': 'dbus'});
	const folder = join(lab.folder, 'firewalld');
	await mkdir(folder);
	const address = `unix:path=${join(folder, 'bus')}`;
	const withBus = ['env', `DBUS_SYSTEM_BUS_ADDRESS=${address}`];
	const bus = lab.start('host', ['dbus-daemon', '--system', '--nofork', '--nopidfile', `--address=${address}`]);
	const daemon = lab.start('host', [...withBus, 'firewalld', '--nofork', '--nopid', '--system-config', folder]);
	const ask = (args: readonly string[], mayFail = false) => lab.host([...withBus, 'firewall-cmd', ...args], {mayFail});
	await daemon.until(async () => (await ask(['--state'], true)).code === 0, 120_000);
	return {
		command: async (...args) => (await ask(args)).stdout,
		env: {DBUS_SYSTEM_BUS_ADDRESS: address},
		stop: async () => {
			await daemon.stop();
			await bus.stop();
		},
	};
}
