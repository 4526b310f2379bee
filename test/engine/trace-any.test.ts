import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {type Lab, program} from '../lab/lab.ts';
import {useLab} from '../lab/use-lab.ts';
import {stop} from './flow-checks.ts';
import {programsOfTrace, tablesOfTrace} from './left-behind.ts';
import {type TraceDocument, told} from './trace-lab.ts';
import {daemonJson, fillScene, type Scene} from './trace-scene.ts';

/** Who asks, where, and how: a line of asker.js ("ID PROTO ADDRESS PORT") for each request. */
interface Asking {
	by: 'lan' | 'host' | 'app' | 'other' | 'www';
	lines: string[];
}

const enter = (scene: Scene, name: string) => ['nsenter', '-t', scene.containers[name]?.pid ?? '', '-n'];

/** Sends requests as the application would: dockhop knows nothing of them. Gives which were answered. */
async function ask(scene: Scene, {by, lines}: Asking): Promise<string> {
	const argv = [process.execPath, join(import.meta.dirname, 'asker.js')];
	const options = {stdin: lines.map((line, id) => `${id} ${line}\n`).join(''), timeoutMs: 20_000, mayFail: true};
	if (by === 'lan') return (await scene.lab.lan(argv, options)).stdout;
	return (await scene.lab.host(by === 'host' ? argv : [...enter(scene, by), ...argv], options)).stdout;
}

/** `trace TARGET --from any`; what is asked for is sent once it waits. Gives what it wrote to stderr, and stdout's lines. */
async function traceAny(lab: Lab, args: string[], send: () => Promise<unknown>): Promise<{note: string; printed: string}> {
	const tracing = lab.start('host', [process.execPath, program, 'trace', ...args, '--from', 'any']);
	await tracing.until(async () => (await tracing.output()).includes('from anywhere'), 20_000);
	await send();
	while (tracing.ended === null) await sleep(20);
	const text = await tracing.output();
	const end = text.indexOf('\n');
	return {note: text.slice(0, end), printed: text.slice(end + 1)};
}

async function traced(scene: Scene, target: string, asking: Asking): Promise<TraceDocument> {
	const {printed} = await traceAny(scene.lab, [target, '--json', '--timeout', '3'], () => ask(scene, asking));
	return JSON.parse(printed);
}

describe.each(engines)('traces of whoever comes next, on engine %s', engine => {
	let scene: Scene;
	const lab = useLab({engine, daemonJson}, async started => {
		scene = await fillScene(started);
		await started.docker('run', '-d', '--name', 'inner', '--network', 'appnet', 'tiny', '/tiny', 'serve', '0.0.0.0:80');
	});
	const addressOf = (name: string, family: 4 | 6 = 4) => scene.containers[name]?.address[family] ?? '';

	/** Who asked, what is asked for, and kinds of hops that the way of this origin alone has. */
	const origins: [string, () => Asking, string, object, string[]][] = [
		[
			'a client on the LAN, through DNAT',
			() => ({by: 'lan', lines: ['tcp 10.99.0.1 8080']}),
			'www:80',
			{kind: 'lan', address: '10.99.0.2'},
			['nic'],
		],
		[
			'a client on the LAN, IPv6',
			() => ({by: 'lan', lines: ['tcp fd00:99::1 8080']}),
			'www:80',
			{kind: 'lan', address: 'fd00:99::2'},
			['nic'],
		],
		[
			'the host, through docker-proxy',
			() => ({by: 'host', lines: ['tcp 127.0.0.1 8080']}),
			'www:80',
			{kind: 'host', address: '127.0.0.1'},
			['proxy'],
		],
		[
			'the host, through docker-proxy, IPv6',
			() => ({by: 'host', lines: ['tcp ::1 8080']}),
			'www:80',
			{kind: 'host', address: '::1'},
			['proxy'],
		],
		[
			'the host, at its own address',
			() => ({by: 'host', lines: ['tcp 10.99.0.1 8080']}),
			'www:80',
			{kind: 'host', address: '10.99.0.1'},
			['netfilter'],
		],
		['the host, straight', () => ({by: 'host', lines: [`tcp ${addressOf('www')} 80`]}), 'www:80', {kind: 'host'}, ['bridge', 'veth']],
		[
			'a container on the same bridge',
			() => ({by: 'app', lines: [`tcp ${addressOf('www')} 80`]}),
			'www:80',
			{kind: 'container', name: 'app'},
			['veth'],
		],
		[
			'a container, through the host',
			() => ({by: 'app', lines: ['tcp 172.17.0.1 8080']}),
			'www:80',
			{kind: 'container', name: 'app'},
			['veth'],
		],
		[
			'a container on another network, through the host',
			() => ({by: 'other', lines: ['tcp 172.17.0.1 8080']}),
			'www:80',
			{kind: 'container', name: 'other'},
			['veth'],
		],
		['the container itself', () => ({by: 'www', lines: ['tcp 127.0.0.1 80']}), 'www:80', {kind: 'container', name: 'www'}, ['process']],
		['a port that is not published', () => ({by: 'app', lines: ['tcp inner 80']}), 'inner:80', {kind: 'container', name: 'app'}, ['veth']],
		[
			'UDP, a client on the LAN',
			() => ({by: 'lan', lines: ['udp 10.99.0.1 5300']}),
			'echo:53/udp',
			{kind: 'lan', address: '10.99.0.2'},
			['nic'],
		],
		[
			'UDP, a container on the same bridge',
			() => ({by: 'app', lines: [`udp ${addressOf('echo', 6)} 53`]}),
			'echo:53/udp',
			{kind: 'container', name: 'app'},
			['veth'],
		],
	];

	it.each(origins)('%s: its own path, delivered', async (_, asking, target, from, kinds) => {
		const asked = asking();
		if (asked.lines[0]?.includes('inner'))
			asked.lines = [`tcp ${await lab().docker('inspect', '-f', '{{.NetworkSettings.Networks.appnet.IPAddress}}', 'inner')} 80`];
		const document = await traced(scene, target, asked);
		expect(document, told(document)).toMatchObject({verdict: 'delivered', blockedAt: null, lost: null, agreement: true, differs: [], from});
		expect(document.hops.map(({kind}) => kind)).toEqual(expect.arrayContaining(kinds));
		// Only the namespace of a container that nobody could expect is not looked into, and that is said.
		const dark = document.hops.filter(({observed}) => observed.seen !== true);
		const caller = ['app', 'other'].includes(asked.by) ? asked.by : null;
		expect(
			dark.filter(({of}) => of !== caller),
			told(document),
		).toEqual([]);
		if (caller === null) expect(document.notSeen).toEqual([]);
		else expect(document.notSeen).toEqual([expect.stringContaining(`${caller} would ask was not known before`)]);
	});

	it('says what it waits for; nobody comes: undetermined, with the hops that everybody meets', async () => {
		const {note, printed} = await traceAny(lab(), ['www:80', '--json', '--timeout', '1'], async () => {
			// Neither another port of the same host, nor another container's port 80.
			await ask(scene, {by: 'host', lines: [`tcp ${addressOf('app')} 80`, 'tcp 127.0.0.1 9']});
		});
		expect(note).toBe(
			`waiting at most 1 s for the next request to www:80 (${addressOf('www')}:80, [${addressOf('www', 6)}]:80; published at port 8080), from anywhere`,
		);
		const document: TraceDocument = JSON.parse(printed);
		expect(document).toMatchObject({
			verdict: 'undetermined',
			agreement: null,
			observation: 'no request came within 1 s',
			from: {kind: 'any'},
		});
		expect(document.hops.map(({kind, observed}) => [kind, observed.seen])).toEqual([
			['interface', null],
			['port', null],
			['process', null],
		]);
	});

	it('blocked on its way: at the hop where it died, by the rule that was seen', async () => {
		const rule = ['DOCKER-USER', '-i', 'eth0', '-j', 'DROP'];
		await lab().host(['iptables', '-I', ...rule]);
		const document = await traced(scene, 'www:80', {by: 'lan', lines: ['tcp 10.99.0.1 8080']});
		await lab().host(['iptables', '-D', ...rule]);
		expect(document, told(document)).toMatchObject({verdict: 'blocked', lost: 'request', agreement: true, from: {kind: 'lan'}});
		expect(stop(document)).toBe('netfilter dropped');
		expect(document.hops[document.blockedAt ?? 0]?.observed.rules).toContainEqual(
			expect.objectContaining({chain: 'DOCKER-USER', verdict: 'drop'}),
		);
	});

	it("what docker-proxy dials in vain is the first connection's end", async () => {
		const drop = [...enter(scene, 'www'), 'iptables'];
		await lab().host([...drop, '-I', 'INPUT', '-p', 'tcp', '--dport', '80', '-j', 'DROP']);
		const document = await traced(scene, 'www:80', {by: 'host', lines: ['tcp 127.0.0.1 8080']});
		await lab().host([...drop, '-D', 'INPUT', '-p', 'tcp', '--dport', '80', '-j', 'DROP']);
		expect(document, told(document)).toMatchObject({
			verdict: 'blocked',
			lost: 'request',
			agreement: true,
			from: {kind: 'host', address: '127.0.0.1'},
		});
		expect(document.hops[document.blockedAt ?? 0]).toMatchObject({kind: 'netfilter', of: 'www', connection: 2});
	});

	it("the first of many is followed, and none of the others' packets are taken for it", async () => {
		const document = await traced(scene, 'www:80', {by: 'lan', lines: Array.from({length: 10}, () => 'tcp 10.99.0.1 8080')});
		expect(document, told(document)).toMatchObject({verdict: 'delivered', agreement: true});
		const ports = new Set(document.hops.flatMap(({observed}) => observed.packets.map(({sport}) => sport)));
		expect(ports.size).toBe(1);
	});

	it('--watch: a line for each request, whoever sends it, and none for what docker-proxy opens', async () => {
		const send = async () => {
			await ask(scene, {by: 'host', lines: ['tcp 127.0.0.1 8080', 'tcp 127.0.0.1 8080', `tcp ${addressOf('www')} 80`]});
			await ask(scene, {by: 'lan', lines: ['tcp 10.99.0.1 8080', 'tcp fd00:99::1 8080']});
			await ask(scene, {by: 'app', lines: [`tcp ${addressOf('www')} 80`]});
		};
		const {printed} = await traceAny(lab(), ['www:80', '--watch', '--timeout', '4'], send);
		const lines = printed.trim().split('\n');
		expect(lines.map(line => line.replace(/:\d+ .*$/, '')).sort(), printed).toEqual([
			`app ${addressOf('app')}`,
			'host 127.0.0.1',
			'host 127.0.0.1',
			expect.stringMatching(/^host 172\.\d+\.0\.1$/),
			'lan 10.99.0.2',
			'lan [fd00:99::2]',
		]);
		for (const line of lines) expect(line).toMatch(/ {2}delivered: [^(]*$/);
		expect([...(await programsOfTrace(lab(), 'www')), ...(await tablesOfTrace(lab(), 'www'))]).toEqual([]);
	});

	it('a recording keeps it; what else than a container is asked for cannot be waited for', async () => {
		const file = join(lab().folder, 'any.json');
		const recording = lab().start('host', [
			process.execPath,
			program,
			'record',
			file,
			'--trace',
			'www:80',
			'--from',
			'any',
			'--timeout',
			'3',
		]);
		await recording.until(async () => (await recording.output()).includes('from anywhere'), 20_000);
		await ask(scene, {by: 'host', lines: ['tcp 127.0.0.1 8080']});
		while (recording.ended === null) await sleep(20);
		const seen = JSON.parse((await lab().dockhop('trace', 'www:80', '--from', 'any', '--replay', file, '--json')).stdout);
		expect(seen).toMatchObject({verdict: 'delivered', agreement: true, from: {kind: 'host', address: '127.0.0.1'}});
		expect(await lab().dockhop('trace', ':22', '--from', 'any')).toMatchObject({code: 2, stderr: expect.stringContaining('no container')});
		expect(await lab().dockhop('flow', 'www', '--from', 'any')).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('only a trace waits'),
		});
	});
});
