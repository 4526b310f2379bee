/**
 * node scripts/bench-walk.ts: what it costs to explain whole requests, from the LAN and from the host, to every published port of hosts with
 * 250 to 2,000 containers. CPU time; needs no engine and no root.
 */
import {mkdtemp, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {build} from 'esbuild';

const folder = await mkdtemp(join(tmpdir(), 'dockhop-walk-'));
try {
	const outfile = join(folder, 'test/path/flow-cost.mjs');
	await build({entryPoints: ['test/path/flow-cost.ts'], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error'});
	await symlink(join(process.cwd(), 'test/recordings'), join(folder, 'test/recordings'));
	const {flowCost} = await import(outfile);
	flowCost(100);
	console.log('containers   rules read   requests   explained   each       come through');
	for (const containers of [250, 500, 1000, 2000]) {
		const {parse, flows, paths, delivered} = flowCost(containers);
		const cells = [containers, `${parse.toFixed(0)} ms`, paths, `${flows.toFixed(0)} ms`, `${((flows * 1000) / paths).toFixed(0)} µs`];
		console.log([...cells.map((cell, i) => String(cell).padEnd([13, 13, 11, 12, 11][i] as number)), delivered].join(''));
	}
} finally {
	await rm(folder, {recursive: true});
}
