import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {basename, join, resolve} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {bundle} from '../../scripts/build.js';
import {run} from '../../source/process/run.js';

const root = resolve(import.meta.dirname, '../..');
let folder = '';
let outputs: Awaited<ReturnType<typeof bundle>>['outputs'] = {};

/** The bundle in a folder far from any node_modules. */
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'dockhop-program-'));
	({outputs} = await bundle(join(folder, 'dist')));
});
afterAll(() => rm(folder, {recursive: true}));

/** A machine that does much else is slow, not wrong. */
const patient = {timeoutMs: 100_000};
const dockhop = (...argv: string[]) => run([process.execPath, join(folder, 'dist/dockhop.js'), ...argv], patient);

test('what is in dist runs without node_modules', async () => {
	const {version} = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
	expect(await dockhop('--version')).toMatchObject({stdout: `${version}\n`, stderr: '', code: 0});
});

test('what only prints words loads nothing that asks an engine or the kernel, and no standard stream that it does not use', async () => {
	const loaded = staticallyLoaded('dockhop.js').flatMap(name => Object.keys(outputs[name]?.inputs ?? {}));
	expect(loaded.filter(input => /^source\/(engine|kernel)\/|node_modules\/(dockerode|docker-modem)\//.test(input))).toEqual([]);
	// node:process as a module opens all three streams.
	const texts = await Promise.all(Object.keys(outputs).map(path => readFile(join(folder, 'dist', basename(path)), 'utf8')));
	expect(texts.filter(text => /from ?["'](node:)?process["']/.test(text))).toEqual([]);
});

test('a plain command loads neither Ink nor React nor dockerode’s ssh and gRPC; the bundle stays small', () => {
	const live = Object.keys(outputs).find(name => outputs[name]?.entryPoint === 'source/session/live.ts');
	const loaded = ['dockhop.js', basename(live ?? '')].flatMap(staticallyLoaded).flatMap(name => Object.keys(outputs[name]?.inputs ?? {}));
	expect(loaded).toEqual(expect.arrayContaining(['source/commands/parse.ts', 'source/engine/connect.ts']));
	// The walk is loaded when something is explained.
	expect(loaded).not.toContain('source/path/explain.ts');
	expect(loaded.filter(input => /node_modules\/(ink|ink-.*|react|react-.*|yoga-layout|ssh2|@grpc|protobufjs)\//.test(input))).toEqual([]);
	const bytes = Object.values(outputs).reduce((sum, output) => sum + output.bytes, 0);
	expect(bytes).toBeLessThan(2_000_000);
});

test('without a terminal and a command: one clear line, exit code 2', async () => {
	const {stdout, stderr, code} = await dockhop();
	expect({stdout, code}).toEqual({stdout: '', code: 2});
	expect(stderr).toMatch(/^dockhop: the explorer needs a terminal; networks, containers,[^\n]*\n$/);
});

test('an error of the engine goes on with what to do, as one sentence', async () => {
	const {stderr} = await dockhop('--host', `unix://${folder}/none.sock`, 'networks');
	expect(stderr).toMatch(/: there is no such socket; start Docker: sudo systemctl start docker, or name another engine: --host URL/);
	expect(stderr).not.toMatch(/[;,] [A-Z][a-z]+ /);
});

test('an engine that is not there: one line, exit code 4, nothing on stdout', async () => {
	for (const command of [['networks'], ['flow', ':80'], ['containers', '--json']]) {
		const {stdout, stderr, code} = await dockhop('--host', `unix://${folder}/none.sock`, ...command);
		expect({stdout, code}, command[0]).toEqual({stdout: '', code: 4});
		expect(stderr, command[0]).toMatch(/^dockhop: [^\n]*none\.sock[^\n]*\n$/);
	}
});

test('a disk that is full: one line, and no exit code of a request', async () => {
	const argv = ['sh', '-c', '"$0" "$1" explain bridge > /dev/full', process.execPath, join(folder, 'dist/dockhop.js')];
	const {stderr, code} = await run(argv);
	expect(code).toBe(2);
	expect(stderr).toMatch(/^dockhop: what was found cannot be written: ENOSPC[^\n]*\n$/);
});

test('info says what can be read also where no engine answers, and why it does not', async () => {
	const host = `unix://${folder}/none.sock`;
	const {stdout, stderr, code} = await dockhop('--host', host, 'info');
	expect(code).toBe(4);
	expect(stdout).toMatch(/^dockhop \d\S+, Node \d/);
	expect(stdout).toMatch(/^engine: none \(no engine answers at unix:\S+none\.sock \(--host\): there is no such socket\)$/m);
	expect(stdout).toMatch(/^ {2}tried --host: /m);
	expect(stdout).toMatch(/^vantage: .*of the network namespace of dockhop itself$/m);
	expect(stdout).toMatch(/^ \? veth pairs .*no engine says which containers there are/m);
	expect(stdout).toMatch(/^ ✓ \/etc\/hosts /m);
	expect(stderr).toMatch(/^dockhop: [^\n]*none\.sock[^\n]*\n$/);
	const {engine, whyNoEngine, readers} = JSON.parse((await dockhop('--host', host, 'info', '--json')).stdout);
	expect(engine).toBeNull();
	expect(whyNoEngine).toMatchObject({why: expect.stringContaining('no such socket'), tried: [{what: '--host'}]});
	expect(readers[0]).toMatchObject({name: 'engine', read: false, tell: expect.stringContaining('systemctl start docker')});
});

test('a recording that is not there: one line, exit code 4', async () => {
	const {stdout, stderr, code} = await dockhop('--replay', join(folder, 'none.json'), 'networks');
	expect({stdout, code}).toEqual({stdout: '', code: 4});
	expect(stderr).toMatch(/^dockhop: [^\n]*none\.json[^\n]*\n$/);
});

test('explain: text, JSON, and names that nobody knows', async () => {
	expect((await dockhop('explain', 'nic')).stdout).toContain('The link by which the packet enters or leaves this host.');
	expect(JSON.parse((await dockhop('explain', 'bridge', '--json')).stdout).entries).toHaveLength(2);
	expect(await dockhop('explain', 'nonsense')).toMatchObject({stdout: '', code: 2});
});

test('a wrong target is told before anything is read', async () => {
	const {stderr, code} = await dockhop('--host', `unix://${folder}/none.sock`, 'flow', 'web:99999');
	expect({stderr, code}).toEqual({
		stderr: "dockhop: target 'web:99999': a port is a number from 1 to 65535\n",
		code: 2,
	});
});

test('a reader that goes away is no error', async () => {
	const {stderr, stdout, code} = await run(
		['sh', '-c', `"$0" "$1" explain bridge | head -c 1`, process.execPath, join(folder, 'dist/dockhop.js')],
		patient,
	);
	expect({stderr, stdout, code}).toEqual({stderr: '', stdout: 'b', code: 0});
});

test('Ctrl-C ends a command that waits for its engine: exit code 130, nothing left on stdout', async () => {
	const silent = createServer(() => {}).listen(join(folder, 'silent.sock'));
	const child = spawn(process.execPath, [join(folder, 'dist/dockhop.js'), '--host', `unix://${folder}/silent.sock`, 'networks']);
	let stdout = '';
	let stderr = '';
	child.stdout.on('data', data => {
		stdout += data;
	});
	child.stderr.on('data', data => {
		stderr += data;
	});
	await once(silent, 'connection');
	child.kill('SIGINT');
	const [code] = await once(child, 'close');
	silent.close();
	expect({code, stdout, stderr}).toEqual({code: 130, stdout: '', stderr: ''});
});

test('the package holds the bundle, the demo and the papers, and nothing else', async () => {
	// Without its scripts: they would build dist/ anew while other tests run what is in it. test/install/ packs with them.
	const {stdout} = await run(['npm', 'pack', '--dry-run', '--json', '--ignore-scripts', '--prefix', root, root], patient);
	const [{files}] = JSON.parse(stdout) as [{files: {path: string}[]}];
	const others = files
		.map(({path}) => path)
		.filter(
			path =>
				!/^(dist\/[\w-]+\.js|demo\/[\w-]+\.json|man\/dockhop\.1|completions\/\w+(\.\w+)?|package\.json|README\.md|LICENSE)$/.test(path),
		);
	expect(others).toEqual([]);
	const papers = [
		'dist/dockhop.js',
		'man/dockhop.1',
		'completions/dockhop.bash',
		'completions/_dockhop',
		'completions/dockhop.fish',
		'demo/demo.json',
		'LICENSE',
	];
	expect(files.map(({path}) => path)).toEqual(expect.arrayContaining(papers));
});

/** The chunks that are loaded before any command runs: the entry, its one import of the commands, and their static imports. */
function staticallyLoaded(entry: string): string[] {
	const byName = new Map(Object.keys(outputs).map(name => [basename(name), name]));
	const names = [byName.get(entry) ?? ''];
	for (const name of names) {
		for (const {path, kind} of outputs[name]?.imports ?? []) {
			const wanted = kind === 'import-statement' || (name === names[0] && kind === 'dynamic-import');
			if (wanted && outputs[path] && !names.includes(path)) names.push(path);
		}
	}
	return names;
}
