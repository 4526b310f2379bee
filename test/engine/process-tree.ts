import {readdir, readFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';

export interface Running {
	pid: number;
	argv: string[];
}

/** All that descends from that process, as soon as a curl is among it. Rejects after ten seconds. */
export function untilCurl(pid: number): Promise<Running[]> {
	return untilRuns(pid, 'curl');
}

/** The same for any program. */
export async function untilRuns(pid: number, program: string): Promise<Running[]> {
	for (const until = Date.now() + 10_000; Date.now() < until; await sleep(20)) {
		const started = await startedBy(pid);
		if (started.some(({argv}) => argv[0] === program)) return started;
	}
	throw new Error(`process ${pid} has started no ${program}`);
}

/** Waits until none of them runs any more; gives those that still do when the time is over. */
export async function leftAfter(limitMs: number, processes: readonly Running[]): Promise<Running[]> {
	for (const until = Date.now() + limitMs; ; await sleep(50)) {
		const pids = new Set((await running()).map(({pid}) => pid));
		const left = processes.filter(({pid}) => pids.has(pid));
		if (left.length === 0 || Date.now() > until) return left;
	}
}

/** Every process of this machine whose arguments hold the text. */
export async function runningWith(text: string): Promise<Running[]> {
	return (await running()).filter(({argv}) => argv.some(one => one.includes(text)));
}

/** Everything that a process has started and that still runs, with what it has started in turn. A zombie does not run. */
export async function startedBy(pid: number): Promise<Running[]> {
	const all = await running();
	const found = new Set([pid]);
	for (let before = 0; before !== found.size; ) {
		before = found.size;
		for (const one of all) if (found.has(one.parent)) found.add(one.pid);
	}
	return all.filter(one => one.pid !== pid && found.has(one.pid));
}

async function running(): Promise<(Running & {parent: number})[]> {
	const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
	const all = await Promise.all(pids.map(statOf));
	return all.filter(one => one !== null);
}

/** proc(5), stat: pid (name) state ppid; the name may hold anything, brackets too. */
async function statOf(pid: string): Promise<(Running & {parent: number}) | null> {
	const [stat, cmdline] = await Promise.all(['stat', 'cmdline'].map(file => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')));
	const [state = '', parent = ''] = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
	return ['', 'Z', 'X'].includes(state) ? null : {pid: Number(pid), parent: Number(parent), argv: (cmdline ?? '').split('\0').slice(0, -1)};
}
