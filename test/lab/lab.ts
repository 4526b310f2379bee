import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Ran} from '../../source/process/run.ts';
import {type Background, startBackground} from './background.ts';
import {startDaemon} from './daemon.ts';
import type {EngineName} from './engines.ts';
import {buildImages} from './images.ts';
import {type CommandOptions, Journal} from './journal.ts';
import {legacyFolder} from './legacy-iptables.ts';
import {startNameServer} from './name-server.ts';
import {address, createNamespaces, enter} from './namespaces.ts';
import {claim, sweep} from './owner.ts';
import {enginePath, engineRoot, ensurePrograms} from './packages.ts';
import {startPodman} from './podman.ts';
import {labsFolder, removeLab} from './remove.ts';

export interface LabOptions {
	engine: EngineName | 'podman';
	/** Default: a name that no other lab has. */
	name?: string;
	daemonArgs?: readonly string[];
	daemonJson?: object;
	/** The engine's iptables is iptables-legacy, whatever this machine's own is. */
	legacyIptables?: boolean;
	/** It stays when this process ends, until `removeLab`. */
	standing?: boolean;
}

/** A real engine in a network namespace of its own ("the host"), and a second namespace as a client on its LAN. */
export interface Lab {
	name: string;
	engine: LabOptions['engine'];
	/** What the engine itself says, e.g. 28.5.2. */
	version: string;
	folder: string;
	/** Path of the engine's socket. */
	socket: string;
	/** Path of the host's network namespace. */
	netns: string;
	lanNetns: string;
	/** PATH with this engine's programs first. */
	path: string;
	address: typeof address;
	/** Every command that was run and what it printed. */
	journal: Journal;
	/** Runs a program in the host's network namespace, with DOCKER_HOST set. Rejects where it fails, unless options.mayFail. */
	host(argv: readonly string[], options?: CommandOptions): Promise<Ran>;
	/** The same on the LAN client. */
	lan(argv: readonly string[], options?: CommandOptions): Promise<Ran>;
	/** Runs docker; gives what it printed, trimmed. Rejects where it fails. */
	docker(...args: string[]): Promise<string>;
	/** Runs the built dist/dockhop.js on the host; its exit code is part of the result. */
	dockhop(...args: string[]): Promise<Ran>;
	/** The same with --json; gives the document. Rejects where stdout is not one. */
	dockhopJson(...args: string[]): Promise<unknown>;
	/** Starts a program that runs on, on the host or on the LAN client. */
	start(where: 'host' | 'lan', argv: readonly string[]): Background;
	/** Removes it all. Called twice, it does nothing. */
	stop(): Promise<void>;
}

/**
 * Starts a lab as root: programs and engine fetched where missing, namespaces made, a name server on the LAN, dockerd ready, images
 * imported. Rejects with what went wrong, and leaves nothing behind then, nor when this process dies.
 */
export async function startLab(options: LabOptions): Promise<Lab> {
	if (process.getuid?.() !== 0) throw new Error('a lab needs root: it makes network namespaces and starts a Docker Engine');
	const name = options.name ?? `t${process.pid}-${++started}`;
	const journal = new Journal();
	await ensurePrograms(journal);
	await sweep();
	if (options.engine === 'podman') await ensurePrograms(journal, {podman: 'podman netavark aardvark-dns'});
	const root = options.engine === 'podman' ? null : await engineRoot(options.engine, journal);
	const stop = await (options.standing ? stand(name) : keep(name));
	try {
		return {...(await assemble(name, options, enginePath(root), journal)), stop};
	} catch (error) {
		await stop();
		throw error;
	}
}

async function assemble(name: string, options: LabOptions, path: string, journal: Journal): Promise<Omit<Lab, 'stop'>> {
	const folder = join(labsFolder, name);
	await mkdir(folder);
	const namespaces = await createNamespaces(name, journal);
	const nameServer = startNameServer(namespaces.lan, join(folder, 'dnsmasq.log'));
	const place = {netns: namespaces.host, folder, path: options.legacyIptables ? `${await legacyFolder(folder)}:${path}` : path};
	const socket = await (options.engine === 'podman'
		? startPodman(place)
		: startDaemon({...place, args: options.daemonArgs ?? [], config: {dns: [address.lan], ...options.daemonJson}}));
	await nameServer.until(async () => nameServer.ended === null, 0);
	const env = {DOCKER_HOST: `unix://${socket}`, DOCKER_CONTEXT: undefined, DOCKER_CONFIG: join(folder, 'client'), PATH: path};
	const host = (argv: readonly string[], more?: CommandOptions) =>
		journal.run(enter(namespaces.host, argv), {...more, env: {...env, ...more?.env}});
	const docker = async (...args: string[]) => (await host(['docker', ...args], {timeoutMs: 120_000})).stdout.trim();
	const dockhop = (...args: string[]) => host([process.execPath, program, ...args], {timeoutMs: 60_000, mayFail: true});
	let background = 0;
	for (const image of await buildImages(join(folder, 'images'), journal)) await docker('import', image.tar, image.name);
	return {
		name,
		engine: options.engine,
		version: await docker('version', '--format', '{{.Server.Version}}'),
		folder,
		socket,
		netns: namespaces.host,
		lanNetns: namespaces.lan,
		path,
		address,
		journal,
		host,
		lan: (argv, more) => journal.run(enter(namespaces.lan, argv), more),
		docker,
		dockhop,
		dockhopJson: async (...args) => JSON.parse((await dockhop(...args, '--json')).stdout),
		start(where, argv) {
			const log = join(folder, `background-${++background}.log`);
			return where === 'host' ? startBackground(enter(namespaces.host, argv), log, env) : startBackground(enter(namespaces.lan, argv), log);
		},
	};
}

/** Claims a lab that outlives this process; gives the function that removes it. */
async function stand(name: string): Promise<() => Promise<void>> {
	await claim(name, null);
	return () => removeLab(name);
}

/** Claims a lab by a process that removes it when this one closes the pipe to it, or dies; gives the function that does so and waits. */
async function keep(name: string): Promise<() => Promise<void>> {
	const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keeper.ts'), name], {detached: true, stdio: 'pipe'});
	let said = '';
	keeper.stderr.on('data', chunk => {
		said += chunk;
	});
	const ended = once(keeper, 'close').then(([code]) => {
		if (code !== 0) throw new Error(`the keeper of lab ${name} failed: ${said}`);
	});
	await Promise.race([once(keeper.stdout, 'data'), ended]);
	return async () => {
		keeper.stdin.end();
		await ended;
	};
}

/** The built program. */
export const program = join(import.meta.dirname, '../../dist/dockhop.js');

let started = 0;
