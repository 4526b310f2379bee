import {randomBytes} from 'node:crypto';
import {readFile, readlink} from 'node:fs/promises';
import type {Duplex} from 'node:stream';
import {setTimeout as sleep} from 'node:timers/promises';
import {clean} from '../text/clean.js';
import type {EngineClient} from './connect.js';
import {Executed} from './executed.js';
import {keepHelper} from './helper-keeper.js';

/** A privileged container in the host's namespaces, in which programs of its image run as root on the host would. */
export interface Helper {
	image: string;
	/** Its main process, as the host counts. */
	pid: number;
	/** Leftovers of sessions that have ended, which were removed at the start. */
	removed: number;
	start(argv: readonly string[], options: {stdin: boolean}): Executed;
	/** Whether it still runs. */
	readonly alive: boolean;
	/** Removes it. Never rejects. */
	stop(): Promise<void>;
}

/** The helper cannot be had: a clause, and what to do. */
export class NoHelper extends Error {
	constructor(
		message: string,
		readonly advice: string,
	) {
		super(message);
	}
}

/** The label of every helper: pid and start time of the dockhop that it belongs to. */
export const helperLabel = 'dockhop.helper';

/**
 * Starts a helper of an image that the engine has (nothing is pulled), and removes those whose dockhop is no more. It ends when its input does, that
 * is together with this process however that ends, or after `seconds`; the engine removes it then (AutoRemove). A crash of the engine may leave it:
 * the label catches it at the next start. `begins` is called before anything is started. Rejects with NoHelper.
 */
export async function startHelper(client: EngineClient, image: string, seconds: number, begins: () => void): Promise<Helper> {
	await findImage(client, image);
	begins();
	const removed = await sweep(client);
	const name = `dockhop-helper-${randomBytes(6).toString('hex')}`;
	const keeper = keepHelper(client, name);
	const container = client.docker.getContainer(name);
	const remove = async () => {
		// Its own end may have begun, then the engine refuses: it is gone when nobody knows it any more.
		const isGone = (error: {statusCode?: number}) => error.statusCode === 404;
		let gone = await container.remove({force: true, v: true}).then(yes, isGone);
		for (let tries = 0; !gone && tries < 50; tries++) {
			await sleep(20);
			gone = await container.inspect().then(no, isGone);
		}
		if (gone) keeper.release();
	};
	try {
		await client.docker.createContainer({name, ...settings(image, seconds, await ownName())});
		const input = (await container.attach({stream: true, stdin: true, stdout: true, stderr: true, hijack: true})) as Duplex;
		let alive = true;
		input.on('error', () => {});
		input.on('close', () => {
			alive = false;
		});
		input.resume();
		await container.start();
		const {State} = await container.inspect();
		if (!State.Running) throw new Error('its program ended at once');
		return {
			image,
			pid: State.Pid,
			removed,
			start: (argv, options) => new Executed(client, name, argv, options),
			get alive() {
				return alive;
			},
			async stop() {
				await remove();
				input.destroy();
			},
		};
	} catch (error) {
		await remove();
		throw whyNot(error, image);
	}
}

/** As a name is written (the distribution's reference grammar), so that nothing else comes into the path of the question. */
async function findImage(client: EngineClient, image: string): Promise<void> {
	if (!/^\w[\w.:@/-]*$/.test(image)) throw new NoHelper('that is no name of an image', 'docker image ls');
	await client.get(`/images/${image}/json`).catch(error => {
		throw whyNot(error, image);
	});
}

function settings(image: string, seconds: number, owner: string): object {
	return {
		Image: image,
		Entrypoint: ['sh', '-c', waitForInput, 'sh', String(seconds)],
		Cmd: [],
		User: '0:0',
		WorkingDir: '/',
		// No home: nft -i would leave a history of its commands there.
		Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C', 'TZ=UTC', 'HOME=/dev/null'],
		Labels: {[helperLabel]: owner},
		Healthcheck: {Test: ['NONE']},
		AttachStdin: true,
		OpenStdin: true,
		StdinOnce: true,
		HostConfig: {
			CapDrop: ['ALL'],
			CapAdd: capabilities,
			SecurityOpt: ['apparmor=unconfined', 'seccomp=unconfined', 'label=disable'],
			PidMode: 'host',
			NetworkMode: 'host',
			UsernsMode: 'host',
			AutoRemove: true,
			LogConfig: {Type: 'none'},
		},
	};
}

const yes = () => true;
const no = () => false;

/**
 * What the programs need, and no more than that (capabilities(7)): to enter namespaces and mount in one of their own, to see others' files and sockets,
 * to list and trace rules, to see packets, and for tcpdump's -Z. Not `Privileged`: that would bring devices, too, and fails where the engine itself
 * lacks a capability.
 */
const capabilities = ['SYS_ADMIN', 'SYS_PTRACE', 'NET_ADMIN', 'NET_RAW', 'DAC_READ_SEARCH', 'DAC_OVERRIDE', 'SETUID', 'SETGID'];

/** Ends when its input ends or the time is up. */
const waitForInput = `exec 3<&0
sleep "$1" & time=$!
{ read -r _ <&3; kill "$time"; } >/dev/null 2>&1 &
wait "$time"
exit 0`;

/** Removes the helpers of processes that have ended; gives how many. Those of another pid namespace cannot be judged. */
async function sweep(client: EngineClient): Promise<number> {
	const filters = JSON.stringify({label: [helperLabel]});
	const found = await client.get('/containers/json', {all: true, filters}).catch(() => null);
	const own = (await ownName()).split(' ')[2];
	let removed = 0;
	for (const {Id, Labels} of Array.isArray(found) ? found : []) {
		const [pid = '', start = '', pids] = String(Labels?.[helperLabel] ?? '').split(' ');
		if (!/^\d+$/.test(pid) || pids !== own || (await startOf(pid)) === start) continue;
		const gone = client.docker.getContainer(String(Id)).remove({force: true, v: true});
		await gone.then(
			() => removed++,
			() => {},
		);
	}
	return removed;
}

/** Pid, start time and pid namespace of this process. */
async function ownName(): Promise<string> {
	const pid = String(process.pid);
	return `${pid} ${await startOf(pid)} ${await readlink('/proc/self/ns/pid').catch(() => '')}`;
}

/** When a process began, in ticks since boot (proc_pid_stat(5), field 22); "" where there is none. Its name in brackets may hold anything. */
async function startOf(pid: string): Promise<string> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function whyNot(error: unknown, image: string): NoHelper {
	const shown = clean(image, 120);
	const {statusCode, json, message = String(error)} = error as {statusCode?: number; json?: {message?: unknown}; message?: string};
	if (statusCode === 404) return new NoHelper('the engine has no such image', `docker pull ${shown}`);
	const words = clean(String(json?.message ?? message).replace(/\s+/g, ' '), 300);
	if (/"sh": executable file not found|exec: "?sh"?: /.test(words))
		return new NoHelper('the image has no sh, by which its programs are started', 'name an image that has sh, nft, ip, ss and nsenter');
	return new NoHelper(`the helper container could not be started: ${words}`, 'docker events shows what the engine does');
}
