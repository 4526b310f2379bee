import {writeFile} from 'node:fs/promises';
import {request} from 'node:http';
import {connect} from 'node:net';
import {join} from 'node:path';
import {startBackground} from './background.ts';
import {enter} from './namespaces.ts';

export interface DaemonOptions {
	/** Path of the network namespace. */
	netns: string;
	/** Where all its files go. */
	folder: string;
	/** PATH with this engine's programs first. */
	path: string;
	/** Further arguments for dockerd. */
	args: readonly string[];
	/** Content of its daemon.json. */
	config: object;
}

/**
 * Starts containerd and dockerd in a network namespace and waits until the engine answers; gives the path of its socket. Rejects with
 * the end of the daemon's log where one of them ends first or a minute passes. Both go on when this process ends: `removeLab` stops them.
 * A containerd of its own, because dockerd would share one that this machine may run already.
 */
export async function startDaemon({netns, folder, path, args, config}: DaemonOptions): Promise<string> {
	const file = (name: string) => join(folder, name);
	await writeFile(file('containerd.toml'), containerdConfig(folder));
	await writeFile(file('daemon.json'), JSON.stringify(config));
	const start = (name: string, argv: string[]) => startBackground(enter(netns, argv), file(`${name}.log`), {PATH: path});
	const containerd = start('containerd', ['containerd', '--config', file('containerd.toml')]);
	await containerd.until(() => isServed(file('containerd.sock')), 60_000);
	const dockerd = start('dockerd', dockerdArgv(folder, args));
	await dockerd.until(() => engineAnswers(file('docker.sock')), 60_000);
	return file('docker.sock');
}

/** How dockerd is started on the files of a lab's folder. */
export function dockerdArgv(folder: string, args: readonly string[] = []): string[] {
	const file = (name: string) => join(folder, name);
	return [
		'dockerd',
		...['--host', `unix://${file('docker.sock')}`],
		...['--containerd', file('containerd.sock')],
		...['--data-root', file('data'), '--exec-root', file('exec'), '--pidfile', file('dockerd.pid')],
		...['--config-file', file('daemon.json'), ...args],
	];
}

/** An engine answers at the socket. */
export function engineAnswers(socketPath: string): Promise<boolean> {
	return new Promise(resolve => {
		const asked = request({socketPath, path: '/_ping', timeout: 2000}, response => {
			response.resume();
			resolve(response.statusCode === 200);
		});
		asked.on('timeout', () => asked.destroy());
		asked.on('error', () => resolve(false));
		asked.end();
	});
}

/** Somebody accepts connections at the socket. */
function isServed(socketPath: string): Promise<boolean> {
	return new Promise(resolve => {
		const socket = connect(socketPath);
		socket.on('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.on('error', () => resolve(false));
	});
}

function containerdConfig(folder: string): string {
	return [
		'version = 2',
		`root = ${JSON.stringify(join(folder, 'containerd'))}`,
		`state = ${JSON.stringify(join(folder, 'containerd-state'))}`,
		'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime"]',
		'[grpc]',
		`address = ${JSON.stringify(join(folder, 'containerd.sock'))}`,
		'',
	].join('\n');
}
