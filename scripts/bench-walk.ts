/** node scripts/bench-walk.ts: what the walk through the rules of 100, 1,000 and 4,000 containers costs. Needs no engine and no root. */
import {mkdtemp, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {build} from 'esbuild';

const folder = await mkdtemp(join(tmpdir(), 'dockhop-walk-'));
try {
	const outfile = join(folder, 'test/netfilter/walk-cost.mjs');
	await build({entryPoints: ['test/netfilter/walk-cost.ts'], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error'});
	await symlink(join(process.cwd(), 'test/netfilter/dumps'), join(folder, 'test/netfilter/dumps'));
	const {walkCost} = await import(outfile);
	walkCost(100);
	for (const containers of [100, 1000, 4000]) {
		const {parse, walks, paths, delivered} = walkCost(containers);
		console.log(
			`${containers} containers: rules read in ${parse.toFixed(0)} ms, ${paths} paths in ${walks.toFixed(0)} ms, ${delivered} come through`,
		);
	}
} finally {
	await rm(folder, {recursive: true});
}
