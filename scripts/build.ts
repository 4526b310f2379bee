import {chmod, mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type BuildOptions, build, type Metafile, type OutputFile, type Plugin} from 'esbuild';

/**
 * Bundles dockhop into dist/: a small entry (dockhop.js), the commands, and the explorer in chunks of its own, so that a plain command
 * never loads React or Ink. What is in dist/ needs no node_modules.
 */
export async function bundle(outdir = fileURLToPath(new URL('../dist', import.meta.url))): Promise<Metafile> {
	const result = await build({...settings, entryPoints: {dockhop: 'source/bin.ts'}, outdir});
	await write(outdir, result.outputFiles);
	return result.metafile;
}

/** The chunks first, the entry that names them next, what is left over from before last: a dockhop that starts meanwhile finds a whole one. */
async function write(outdir: string, files: OutputFile[]): Promise<void> {
	await mkdir(outdir, {recursive: true});
	const isEntry = ({path}: OutputFile) => basename(path) === entry;
	for (const {path, contents} of files.toSorted((a, b) => Number(isEntry(a)) - Number(isEntry(b)))) await writeFile(path, contents);
	await chmod(join(outdir, entry), 0o755);
	const names = files.map(({path}) => basename(path));
	for (const name of await readdir(outdir)) if (!names.includes(name)) await rm(join(outdir, name), {recursive: true});
}

/**
 * What is imported and never used here: dockerode's gRPC sessions, its own ssh (dockhop uses the person's ssh) and TLS (source/engine/dial.ts
 * makes the connections), what it builds images with, React's developer tools. They become empty modules.
 */
export const leftOut: Plugin = {
	name: 'left-out',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^(ssh2|cpu-features|@grpc\/.*|protobufjs(\/.*)?|react-devtools-core)$/}, ({path}) => ({
			path,
			namespace: 'left-out',
		}));
		onResolve({filter: /^(https|zlib|crypto|tar-fs|@balena\/dockerignore)$/}, ({path, importer}) =>
			/[\\/](dockerode|docker-modem)[\\/]/.test(importer) ? {path, namespace: 'left-out'} : undefined,
		);
		onLoad({filter: /.*/, namespace: 'left-out'}, () => ({contents: 'module.exports = {};', loader: 'js'}));
	},
};

/** yoga-layout hands its WebAssembly to fetch, which loads all of undici; without fetch it decodes the bytes itself. */
const yogaWithoutFetch: Plugin = {
	name: 'yoga-without-fetch',
	setup({onLoad}) {
		onLoad({filter: /yoga-wasm-base64-esm\.js$/}, async ({path}) => ({
			contents: `const fetch = undefined;\n${await readFile(path, 'utf8')}`,
			loader: 'js',
		}));
	},
};

/**
 * docker-modem prints every request's options, its sockets included, into a text that nobody reads unless DEBUG is set: five milliseconds
 * each, half a second on a host with a hundred containers.
 */
const modemWithoutInspect: Plugin = {
	name: 'modem-without-inspect',
	setup({onLoad}) {
		onLoad({filter: /docker-modem[\\/]lib[\\/]modem\.js$/}, async ({path}) => ({
			contents: (await readFile(path, 'utf8')).replaceAll('util.inspect(', '(() => "")('),
			loader: 'js',
		}));
	},
};

/**
 * `import … from 'node:process'` makes every property of process, and so opens the three standard streams, which a program that only
 * prints its version does without. The global is the same object.
 */
const processOfOld: Plugin = {
	name: 'process-of-old',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^(node:)?process$/}, ({kind}) =>
			kind === 'import-statement' ? {path: 'process', namespace: 'global'} : undefined,
		);
		onLoad({filter: /^process$/, namespace: 'global'}, () => ({
			contents: 'const {process} = globalThis;\nexport const {cwd, env} = process;\nexport default process;',
			loader: 'js',
		}));
	},
};

/** Every width is asked of plain-width.ts, which alone knows the package. */
const widthOfPlainSigns: Plugin = {
	name: 'width-of-plain-signs',
	setup({onResolve}) {
		const plain = fileURLToPath(new URL('plain-width.ts', import.meta.url));
		onResolve({filter: /^string-width$/}, ({importer}) => (importer === plain ? undefined : {path: plain}));
	},
};

/** How the sources become one program. */
export const settings = {
	absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
	bundle: true,
	splitting: true,
	chunkNames: '[name]-[hash]',
	format: 'esm',
	platform: 'node',
	target: 'node22',
	jsx: 'automatic',
	minifySyntax: true,
	minifyWhitespace: true,
	legalComments: 'none',
	metafile: true,
	write: false,
	logLevel: 'warning',
	// React's development build is left out.
	define: {'process.env.NODE_ENV': '"production"'},
	// CommonJS packages (dockerode) ask for Node's own modules by require.
	banner: {js: `import {createRequire as requireOf} from 'node:module';const require = requireOf(import.meta.url);`},
	// Node's own streams instead of a copy of theirs.
	alias: {'readable-stream': 'node:stream'},
	plugins: [leftOut, yogaWithoutFetch, modemWithoutInspect, processOfOld, widthOfPlainSigns],
} as const satisfies BuildOptions;

const entry = 'dockhop.js';

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
