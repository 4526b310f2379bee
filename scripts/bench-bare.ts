import {join} from 'node:path';
import {build} from 'esbuild';
import {leftOut} from './build.ts';

/**
 * Bundles the least that Ink can draw, one line on the alternate screen, into `folder`, as esbuild does it unasked: one file, React for
 * production. Gives the files of two: `plain` so, `cached` with Node's compile cache switched on.
 */
export async function bundleBare(folder: string): Promise<{plain: string; cached: string}> {
	const plain = join(folder, 'bare.js');
	const cached = join(folder, 'bare-cached.js');
	const common = {format: 'esm', platform: 'node', minify: true, absWorkingDir: join(import.meta.dirname, '..')} as const;
	const define = {'process.env.NODE_ENV': '"production"'};
	const from = (contents: string) => ({stdin: {contents, resolveDir: import.meta.dirname}});
	await build({...common, ...from(drawn), outfile: plain, bundle: true, define, banner: {js: requires}, plugins: [leftOut]});
	await build({...common, ...from(`${cache}await import('./bare.js');`), outfile: cached});
	return {plain, cached};
}

/** What the line says. */
export const bareWords = 'bare Ink';

const drawn = `
	import {Text, render} from 'ink';
	import {createElement} from 'react';
	const options = {alternateScreen: true, incrementalRendering: true, interactive: true, exitOnCtrlC: false, patchConsole: false};
	render(createElement(Text, null, '${bareWords}'), options);
	process.on('SIGTERM', () => process.exit());
`;
const requires = `import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);`;
const cache = `import nodeModule from 'node:module'; nodeModule.enableCompileCache();`;
