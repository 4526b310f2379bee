import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {run} from '../source/process/run.ts';
import {bareWords} from './bench-bare.ts';
import type {BenchHost} from './bench-host.ts';
import {openScreen} from './bench-screen.ts';
import type {Tool} from './bench-tools.ts';

/** Milliseconds, the median of each. */
export interface Times {
	node: number;
	dockerPs: number;
	containersJson: number;
	dockerInspect: number;
	doctor: number;
	/** Processor time of dockhop doctor and of all that it starts. */
	doctorProcessor: number;
	/** First frame of the least that Ink can draw: as esbuild bundles it, and with the compile cache. */
	bare: number;
	bareCached: number;
	/** `--version`, of the bundle and of the executable. */
	version: number;
	versionExecutable: number;
	/** First screen with a container's name of the executable. */
	firstExecutable: number;
	/** First screen with a container's name: dockhop, then each of the other tools. */
	firstName: Record<string, number>;
}

/** What is compared, in turns, so that a busy moment strikes all of them. */
export async function measureTimes(
	host: BenchHost,
	files: {dockhop: string; bare: string; cached: string; executable: string},
	tools: Tool[],
	rounds: number,
) {
	const runs = new Map<string, number[]>();
	const note = (name: string, ms: number) => runs.set(name, [...(runs.get(name) ?? []), ms]);
	// The first round fills the caches of the disk and of Node, and does not count.
	for (let round = 0; round <= rounds; round++) {
		if (round === 1) runs.clear();
		note('node', await timeOf(host.argv([process.execPath, '-e', '0'])));
		note('dockerPs', await timeOf(host.argv(['docker', 'ps'])));
		note('containersJson', await timeOf(host.argv([process.execPath, files.dockhop, 'containers', '--json'])));
		note('dockerInspect', await timeOf(host.argv(['sh', '-c', 'docker inspect $(docker ps -q)'])));
		note('doctor', await timeOf(host.argv([process.execPath, files.dockhop, 'doctor'])));
		note('doctorProcessor', await processorTimeOf(host.argv([process.execPath, files.dockhop, 'doctor'])));
		note('bare', await timeToShow(host.argv([process.execPath, files.bare]), new RegExp(bareWords)));
		note('bareCached', await timeToShow(host.argv([process.execPath, files.cached]), new RegExp(bareWords)));
		note('version', await timeOf(host.argv([process.execPath, files.dockhop, '--version'])));
		note('versionExecutable', await timeOf(host.argv([files.executable, '--version'])));
		note('firstExecutable', await timeToShow(host.argv([files.executable]), host.aName));
		for (const {name, argv} of tools) note(`first ${name}`, await timeToShow(host.argv(argv), host.aName));
	}
	const of = (name: string) => median(runs.get(name) ?? []);
	return {
		node: of('node'),
		dockerPs: of('dockerPs'),
		containersJson: of('containersJson'),
		dockerInspect: of('dockerInspect'),
		doctor: of('doctor'),
		doctorProcessor: of('doctorProcessor'),
		bare: of('bare'),
		bareCached: of('bareCached'),
		version: of('version'),
		versionExecutable: of('versionExecutable'),
		firstExecutable: of('firstExecutable'),
		firstName: Object.fromEntries(tools.map(({name}) => [name, of(`first ${name}`)])),
	} satisfies Times;
}

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** From the start of a program to its end, its output read. */
async function timeOf([program = '', ...args]: readonly string[]): Promise<number> {
	const started = performance.now();
	const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'inherit']});
	child.stdout.resume();
	const [code] = await once(child, 'close');
	if (code !== 0) throw new Error(`${args.join(' ')}: exit ${code}`);
	return performance.now() - started;
}

/** Processor time of a program and of its children. */
async function processorTimeOf(argv: readonly string[]): Promise<number> {
	const {stdout} = await run([...countingShell, ...argv]);
	return processorTimeIn(stdout);
}

/** Stands in front of a program: what the shell that waits for it counts is all that is printed; the exit code is the program's. */
export const countingShell = ['sh', '-c', '"$@" > /dev/null; code=$?; times; exit $code', 'sh'];

/** Milliseconds that the program and its children took (times: the last line, user and system). */
export function processorTimeIn(stdout: string): number {
	const times = [...(stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
	return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0);
}

async function timeToShow(argv: readonly string[], wanted: RegExp): Promise<number> {
	const screen = openScreen(argv);
	try {
		return await screen.shows(wanted);
	} finally {
		await screen.stop();
	}
}
