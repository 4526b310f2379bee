/**
 * node scripts/bench-trace.ts [--rounds 7] [--rate 1000]
 *
 * What a trace costs (a real engine; needs root): how long one of a healthy local request takes, and what it takes from other traffic to the
 * same container: new connections at that rate, counted in turns without and with a trace; and the processor time of a trace with all that it
 * starts, which depends less on what else runs. DOCKHOP_BENCH_LAB: the lab's name.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {type Lab, program, startLab} from '../test/lab/lab.ts';
import {enter} from '../test/lab/namespaces.ts';
import {countingShell, median, processorTimeIn} from './bench-times.ts';
import {bundle} from './build.ts';

const {values} = parseArgs({options: {rounds: {type: 'string', default: '7'}, rate: {type: 'string', default: '1000'}}});
const [rounds, rate] = [Number(values.rounds), Number(values.rate)];

/** Where the other traffic comes from, and the request that is traced meanwhile. */
const kinds: {name: string; load: 'lan' | 'host'; at: string; trace: string[]}[] = [
	{name: 'DNAT, others from the LAN', load: 'lan', at: '10.99.0.1:8080', trace: ['10.99.0.1:8080']},
	{name: 'docker-proxy, others from the LAN', load: 'lan', at: '10.99.0.1:8080', trace: ['127.0.0.1:8080']},
	{name: 'docker-proxy, others through it too', load: 'host', at: '127.0.0.1:8080', trace: ['127.0.0.1:8080']},
	{name: 'container to container', load: 'lan', at: '10.99.0.1:8080', trace: ['www:80', '--from', 'app']},
	{name: 'the next one from the LAN', load: 'lan', at: '10.99.0.1:8080', trace: ['10.99.0.1:8080', '--from', 'lan']},
];

await bundle('dist');
const lab = await startLab({engine: '28.5', name: process.env.DOCKHOP_BENCH_LAB ?? 'bench-trace'});
try {
	await lab.docker('network', 'create', 'net');
	await lab.docker('run', '-d', '--name', 'www', '--network', 'net', '-p', '8080:80', 'tiny', '/tiny', 'serve', '0.0.0.0:80');
	await lab.docker('run', '-d', '--name', 'app', '--network', 'net', 'busybox', 'sleep', '3600');
	const alone: Cost[] = [];
	for (let round = 0; round <= rounds; round++) alone.push(await traced(lab, ['127.0.0.1:8080']));
	const [time, processor] = medians(alone.slice(1));
	console.log(
		`a trace of a healthy local request: ${time.toFixed(0)} ms (aim: 1000 ms${time < 1000 ? '' : ', MISSED'}), ${processor.toFixed(0)} ms of processor time`,
	);
	for (const kind of kinds) console.log(await measured(lab, kind));
} finally {
	await lab.stop();
}

async function measured({address: _, ...lab}: Lab, {name, load, at, trace}: (typeof kinds)[number]): Promise<string> {
	const answers: {at: number; count: number}[] = [];
	const argv = [`${lab.folder}/images/tiny.bin`, 'load', at, String(rate), '600'];
	const [first = '', ...args] = enter(load === 'lan' ? lab.lanNetns : lab.netns, argv);
	const child = spawn(first, args, {stdio: ['ignore', 'pipe', 'inherit']});
	let rest = '';
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
		const lines = (rest + chunk).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) answers.push({at: performance.now(), count: Number(line.split(' ')[1])});
	});
	/** Answers in a second between now and the end of some work. */
	const during = async (work: () => Promise<unknown>) => {
		const first = answers.at(-1);
		await work();
		const last = answers.at(-1);
		return first && last && last.at > first.at ? ((last.count - first.count) / (last.at - first.at)) * 1000 : Number.NaN;
	};
	try {
		await sleep(1500);
		const [quiet, busy, traces]: [number[], number[], Cost[]] = [[], [], []];
		for (let round = 0; round < rounds; round++) {
			quiet.push(await during(() => sleep(1500)));
			busy.push(await during(async () => traces.push(await traced(lab as Lab, trace))));
		}
		const costs = busy.map((value, index) => 1 - value / (quiet[index] ?? Number.NaN));
		const cost = median(costs) * 100;
		const rates = `${median(quiet).toFixed(0)} answers/s without, ${median(busy).toFixed(0)} with`;
		const [time, processor] = medians(traces);
		const own = `each trace takes ${time.toFixed(0)} ms, ${processor.toFixed(0)} ms of processor time`;
		return `${name}: ${rates}: costs ${cost.toFixed(1)} % (aim: 5 %${cost < 5 ? '' : ', MISSED'}); ${own}`;
	} finally {
		child.kill('SIGTERM');
		await once(child, 'close');
	}
}

/** Milliseconds of a whole run: by the clock, and on processors. */
type Cost = [time: number, processor: number];

async function traced(lab: Lab, words: string[]): Promise<Cost> {
	const began = performance.now();
	const argv = [...countingShell, process.execPath, program, 'trace', ...words, '--json'];
	const ran = await lab.host(argv, {timeoutMs: 60_000, mayFail: true});
	if (ran.code !== 0) throw new Error(`trace ${words.join(' ')}: exit ${ran.code}\n${ran.stderr}${ran.stdout.slice(0, 2000)}`);
	return [performance.now() - began, processorTimeIn(ran.stdout)];
}

function medians(costs: Cost[]): Cost {
	return [median(costs.map(([time]) => time)), median(costs.map(([, processor]) => processor))];
}
