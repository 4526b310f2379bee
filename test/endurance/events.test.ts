import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it} from 'vitest';
import lines from '../engine-json/events.json' with {type: 'json'};
import {replayEngine} from '../session/replay-engine.js';
import {type Program, start} from '../terminal/program.ts';
import {often, report} from './form.ts';

/** As many in a second as 10,000 in a minute are. */
const perSecond = 10_000 / 60;
const seconds = often(8, 60);

/**
 * The engine's lists and events are those of a real one; it is played back, because no real one makes so many events on a small machine. What is measured
 * is the program in its terminal: the time from a key to the first byte that it writes.
 */
it(`${Math.round(perSecond * seconds)} events in ${seconds} s: no key waits, the heap stays, one reading a second`, async () => {
	const folder = await mkdtemp(join(tmpdir(), 'dockhop-events-'));
	const socket = join(folder, 'docker.sock');
	const engine = await replayEngine('docker-28.5', socket);
	const events = lines['docker-28.5'].map(line => JSON.parse(line) as object);
	let shown: Program | undefined;
	try {
		// The heap is asked for by a signal, after a collection: what is left then is held.
		const probe = `data:text/javascript,process.on('SIGUSR2',()=>{globalThis.gc();globalThis.gc();process.stderr.write('\\u001b]heap='+process.memoryUsage().heapUsed+'\\u0007')})`;
		shown = start([], {env: {DOCKER_HOST: `unix://${socket}`, DOCKER_CONTEXT: undefined, NODE_OPTIONS: `--expose-gc --import ${probe}`}});
		await shown.waitFor(/Engine 28/);
		shown.press('2');
		await shown.waitFor('┏━ 2 Containers');
		await sleep(1500);
		const before = await heapOf(shown);
		const readBefore = engine.asked.filter(path => path === '/containers/json').length;
		const waits: number[] = [];
		let sent = 0;
		const began = performance.now();
		for (let second = 0; second < seconds; second++) {
			const pressing = pressed(shown, second % 2 === 0 ? 'down' : 'up');
			for (const end = began + (second + 1) * 1000; performance.now() < end; await sleep(5)) {
				const due = Math.min(((performance.now() - began) / 1000) * perSecond, perSecond * seconds);
				while (sent < due) engine.event(events[sent++ % events.length] as object);
			}
			waits.push(await pressing);
		}
		// What fell due in the last moment.
		while (sent < perSecond * seconds) engine.event(events[sent++ % events.length] as object);
		await sleep(2500);
		const readings = engine.asked.filter(path => path === '/containers/json').length - readBefore;
		const after = await heapOf(shown);
		const slowest = Math.max(...waits);
		report(
			`${sent} events in ${seconds} s: ${readings} readings, slowest of ${waits.length} keys ${slowest.toFixed(0)} ms (median ${median(waits).toFixed(0)}), heap ${mega(before)} → ${mega(after)} MB`,
		);
		expect(sent).toBeGreaterThanOrEqual(Math.floor(perSecond * seconds));
		// The storm, and the reading after its end.
		expect(readings).toBeLessThanOrEqual(seconds + 3);
		expect(readings).toBeGreaterThanOrEqual(seconds / 2);
		expect(after - before).toBeLessThan(3_000_000);
		// A machine that is busy with other things keeps keys waiting, too: most have to be fast in any case.
		expect(median(waits)).toBeLessThan(100);
		expect(slowest).toBeLessThan(100 * (await lateness()));
		shown.press('q');
		expect(await shown.ended()).toBe(0);
	} finally {
		shown?.stop();
		await engine.stop();
		await rm(folder, {recursive: true, force: true});
	}
}, 240_000);

/** Milliseconds from a key to the first byte that follows it. */
async function pressed(shown: Program, key: string): Promise<number> {
	const length = shown.output().length;
	const began = performance.now();
	shown.press(key);
	while (shown.output().length === length && performance.now() - began < 5000) await sleep(1);
	return performance.now() - began;
}

/** How much longer than alone a process has to wait for this machine just now: 1 where nobody else runs. */
async function lateness(): Promise<number> {
	const [load = 0] = (await readFile('/proc/loadavg', 'utf8')).split(' ').map(Number);
	const processors = (await readFile('/proc/cpuinfo', 'utf8')).match(/^processor/gm)?.length ?? 1;
	return Math.max(1, load / processors);
}

async function heapOf(shown: Program): Promise<number> {
	const known = heaps(shown).length;
	shown.signal('SIGUSR2');
	await expect.poll(() => heaps(shown).length, {timeout: 10_000}).toBeGreaterThan(known);
	return heaps(shown).at(-1) ?? 0;
}

function heaps(shown: Program): number[] {
	return [...shown.output().matchAll(/\]heap=(\d+)/g)].map(match => Number(match[1]));
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function mega(bytes: number): string {
	return (bytes / 1e6).toFixed(1);
}
