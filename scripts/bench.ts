/**
 * node scripts/bench.ts [--keep] [--rounds 9] [--containers 5,100]
 *
 * Measures dockhop on hosts with so many containers (real engines; needs root) and prints its times, bytes, memory and requests beside those
 * of docker ps, a bare Ink program and the other tools that are there. --keep: the hosts stay for the next run; DOCKHOP_BENCH_LAB: their name.
 */
import {mkdtemp, readdir, rm, stat} from 'node:fs/promises';
import {cpus, loadavg, release, tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {bundleBare} from './bench-bare.ts';
import {measureExplorer, measureOther, type ScreenCost} from './bench-explorer.ts';
import {benchHost} from './bench-host.ts';
import {report} from './bench-report.ts';
import {measureTimes} from './bench-times.ts';
import {toolsHere} from './bench-tools.ts';
import {binary} from './binary.ts';
import {bundle} from './build.ts';

const {values} = parseArgs({
	options: {
		keep: {type: 'boolean', default: false},
		rounds: {type: 'string', default: '9'},
		containers: {type: 'string', default: '5,100'},
	},
});
const folder = await mkdtemp(join(tmpdir(), 'dockhop-bench-'));
try {
	await bundle(join(folder, 'dist'));
	const executable = await binary(join(folder, 'dockhop'));
	const {plain, cached} = await bundleBare(folder);
	console.log(
		`${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model}`,
	);
	console.log(`size: bundle ${megabytes(await sizeOf(join(folder, 'dist')))}, executable ${megabytes((await stat(executable)).size)}`);
	for (const count of values.containers.split(',').map(Number))
		console.log(`\n${(await measure(count, {bare: plain, cached, executable})).join('\n')}`);
} finally {
	await rm(folder, {recursive: true});
}

async function measure(containers: number, others: {bare: string; cached: string; executable: string}): Promise<string[]> {
	const name = process.env.DOCKHOP_BENCH_LAB ?? 'bench';
	const dockhop = join(folder, 'dist/dockhop.js');
	const host = await benchHost(`${name}-${containers}`, containers);
	try {
		const [own, ...tools] = toolsHere(dockhop);
		const times = await measureTimes(host, {dockhop, ...others}, [own, ...tools], Number(values.rounds));
		const costs: Record<string, ScreenCost> = {dockhop: await measureExplorer(host, own)};
		for (const tool of tools) costs[tool.name] = await measureOther(host, tool);
		return [
			...report(containers, times, costs),
			`load of the machine: ${loadavg()
				.map(load => load.toFixed(1))
				.join(' ')}`,
		];
	} finally {
		if (!values.keep) await host.stop();
	}
}

async function sizeOf(folder: string): Promise<number> {
	const sizes = await Promise.all((await readdir(folder)).map(async name => (await stat(join(folder, name))).size));
	return sizes.reduce((sum, size) => sum + size, 0);
}

function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(1)} MB`;
}
