import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {inPool} from '../source/engine/pool.ts';
import {Journal} from '../test/lab/journal.ts';
import {type Lab, startLab} from '../test/lab/lab.ts';
import {enter, namespacesOf} from '../test/lab/namespaces.ts';
import {enginePath, engineRoot} from '../test/lab/packages.ts';
import {labsFolder, removeLab} from '../test/lab/remove.ts';

/** A host to measure on: a real engine with so many running containers. */
export interface BenchHost {
	/** The name of any of its containers. */
	aName: RegExp;
	folder: string;
	/** Path of the engine's socket. */
	socket: string;
	/** The argument vector that runs a program on that host, asking the engine at `socket` (default: its own). */
	argv(program: readonly string[], socket?: string): string[];
	/** Takes it down. */
	stop(): Promise<void>;
}

/**
 * A host of engine 28.5 with `containers` containers (c001, c002, …) on two bridges, every fourth with a published port. One that
 * stands already under that name is used as it is. Needs root.
 */
export async function benchHost(name: string, containers: number): Promise<BenchHost> {
	const folder = join(labsFolder, name);
	const socket = join(folder, 'docker.sock');
	if (!existsSync(socket)) await fill(await startLab({engine, name, standing: true}), containers);
	const path = enginePath(await engineRoot(engine, new Journal()));
	return {
		aName: /c\d{3}/,
		folder,
		socket,
		argv: (program, asked = socket) => ['env', `PATH=${path}`, `DOCKER_HOST=unix://${asked}`, ...enter(namespacesOf(name).host, program)],
		stop: () => removeLab(name),
	};
}

async function fill(lab: Lab, count: number): Promise<void> {
	for (const network of networks) await lab.docker('network', 'create', network);
	const numbers = Array.from({length: count}, (_, index) => index + 1);
	await inPool(4, numbers, async number => {
		const published = number % 4 === 1 ? ['-p', `${20_000 + number}:80`] : [];
		const network = networks[number % 2] as string;
		const name = `c${String(number).padStart(3, '0')}`;
		await lab.docker('run', '-d', '--name', name, '--network', network, ...published, 'tiny', '/tiny', 'serve', '0.0.0.0:80');
	});
}

const engine = '28.5';
const networks = ['odd', 'even'];
