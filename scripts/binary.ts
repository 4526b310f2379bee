import {execFile} from 'node:child_process';
import {copyFile, mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {settings} from './build.ts';

/**
 * Makes dockhop as one executable: this Node (26 or later, for --build-sea) with the whole program and the demo recording in it. It needs
 * neither Node nor node_modules where it runs. Gives the file's path.
 */
export async function binary(file = fileURLToPath(new URL('../binary/dockhop', import.meta.url))): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'dockhop-binary-'));
	try {
		const {outputFiles} = await build({
			...settings,
			entryPoints: ['source/executable.ts'],
			outdir: 'dist',
			metafile: false,
			splitting: false,
			// Its own file is the executable: a module's address tells nothing there.
			banner: {js: `import {createRequire as requireOf} from 'node:module';const require = requireOf(process.execPath);`},
		});
		const [main, output, config] = ['dockhop.mjs', 'dockhop', 'config.json'].map(name => join(folder, name)) as [string, string, string];
		await writeFile(main, outputFiles[0]?.contents ?? '');
		const demo = fileURLToPath(new URL('../demo/demo.json', import.meta.url));
		const words = {main, output, mainFormat: 'module', disableExperimentalSEAWarning: true, assets: {'demo.json': demo}};
		await writeFile(config, JSON.stringify(words));
		await promisify(execFile)(process.execPath, [`--build-sea=${config}`]);
		await mkdir(dirname(file), {recursive: true});
		await move(output, file);
		return file;
	} finally {
		await rm(folder, {recursive: true});
	}
}

/** Under a name of its own first: one that starts meanwhile is whole. */
async function move(from: string, to: string): Promise<void> {
	await copyFile(from, `${to}.part`);
	await rename(`${to}.part`, to);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await binary());
