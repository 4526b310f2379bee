import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import type {FlowRequest, Path} from '../../source/model/index.js';
import {explain} from '../../source/path/explain.js';
import {parseOrigin} from '../../source/path/origin.js';
import {parseTarget} from '../../source/path/target.js';
import {follow} from '../../source/session/follow.js';
import {liveSession} from '../../source/session/live.js';
import type {Session} from '../../source/session/session.js';
import {type EngineName, engines} from '../lab/engines.ts';
import {type Lab, type LabOptions, startLab} from '../lab/lab.ts';

/**
 * Every request between the LAN, the host and containers of networks of many kinds, explained and sent for real: the verdict has to be what
 * happens, and none may be undetermined.
 */
interface Configuration {
	name: string;
	engines?: EngineName[];
	options?: Omit<LabOptions, 'engine'>;
	fill: (lab: Lab, engine: EngineName) => Promise<unknown>;
}

const serve = ['tiny', '/tiny', 'serve'];
const both = ['[::]:80'];

async function commonScene(lab: Lab): Promise<void> {
	const run = (name: string, ...args: string[]) => lab.docker('run', '-d', '--name', name, ...args);
	const network = (...args: string[]) => lab.docker('network', 'create', ...args);
	await Promise.all([
		network('n1'),
		network('n2'),
		network('--internal', 'inside'),
		network('-o', 'com.docker.network.bridge.enable_icc=false', 'apart'),
		network('--ipv6', '--subnet', 'fd00:66::/64', 'six'),
	]);
	await run('plain', '-p', '8001:80', '-p', '127.0.0.1:8002:80', ...serve, '0.0.0.0:80');
	await run('one', '--network', 'n1', '-p', '8011:80', '-p', '10.99.0.1:8012:80', '-p', '8013:81', ...serve, '0.0.0.0:80');
	await run('two', '--network', 'n1', ...serve, '0.0.0.0:80', '127.0.0.1:81');
	await run('three', '--network', 'n2', '-p', '8021:80', ...serve, '0.0.0.0:80');
	await run('in1', '--network', 'inside', '-p', '8031:80', ...serve, '0.0.0.0:80');
	await run('in2', '--network', 'inside', ...serve, '0.0.0.0:80');
	await run('p1', '--network', 'apart', '-p', '8041:80', ...serve, '0.0.0.0:80');
	await run('p2', '--network', 'apart', ...serve, '0.0.0.0:80');
	await run('six1', '--network', 'six', '-p', '8051:80', ...serve, ...both);
	await run('six2', '--network', 'six', ...serve, ...both);
	await run('twin', '--network', 'n1', '-p', '8061:80', ...serve, '0.0.0.0:80');
	await lab.docker('network', 'connect', 'n2', 'twin');
	await run('share', '--network', 'container:one', ...serve, '0.0.0.0:82');
	await run('echo', '-p', '5301:53/udp', ...serve, '--udp', '0.0.0.0:53');
	await run('many', '-p', '8071-8073:80-82', ...serve, '0.0.0.0:80', '0.0.0.0:81');
}

const configurations: Configuration[] = [
	{name: 'userland-proxy on', fill: commonScene},
	{name: 'userland-proxy off', options: {daemonArgs: ['--userland-proxy=false']}, fill: commonScene},
	{
		name: 'gateway modes',
		engines: ['28.5'],
		async fill(lab) {
			for (const mode of ['nat-unprotected', 'routed', 'isolated']) {
				const option = ['-o', `com.docker.network.bridge.gateway_mode_ipv4=${mode}`];
				await lab.docker('network', 'create', ...(mode === 'isolated' ? ['--internal'] : []), ...option, mode);
				await lab.docker('run', '-d', '--name', `${mode}-1`, '--network', mode, '-p', '80', ...serve, '0.0.0.0:80', '0.0.0.0:81');
				await lab.docker('run', '-d', '--name', `${mode}-2`, '--network', mode, ...serve, '0.0.0.0:80');
			}
			await lab.docker('run', '-d', '--name', 'plain', '-p', '8001:80', ...serve, '0.0.0.0:80');
		},
	},
];

const cells = engines.flatMap(engine =>
	configurations.filter(one => !one.engines || one.engines.includes(engine)).map(configuration => ({engine, configuration})),
);

describe.each(cells)('engine $engine, $configuration.name', ({engine, configuration}) => {
	let lab: Lab;
	let session: Session;
	beforeAll(async () => {
		lab = await startLab({engine, ...configuration.options});
		await configuration.fill(lab, engine);
		// What the walk assumes of a LAN client that asks for a container's own address: that its packets are sent to this host.
		await lab.lan(['ip', 'route', 'add', '172.16.0.0/12', 'via', lab.address.host]);
		await lab.lan(['ip', '-6', 'route', 'add', 'fd00:66::/64', 'via', lab.address.host6]);
		// An address that the kernel still checks for duplicates is not used as a source yet.
		await vi.waitFor(async () => expect((await lab.host(['ip', '-6', 'addr', 'show', 'tentative'])).stdout).toBe(''), {
			timeout: 10_000,
			interval: 200,
		});
		session = liveSession({host: `unix://${lab.socket}`, context: null});
	});
	afterAll(async () => {
		await session?.close();
		await lab?.stop();
	});

	it('every verdict is what happens', async () => {
		const snapshot = await session.ready();
		if (!snapshot.engine.read) throw new Error('the engine was not read');
		const {containers} = snapshot.engine.value;
		const targets = targetsOf(containers, lab);
		const origins = ['lan', 'host', ...containers.map(one => one.name)];
		// Namespaces are read once for all flows.
		await session.read({
			containers: containers.filter(one => !one.networkMode.startsWith('container:')).map(one => one.id),
			names: [],
			hostSockets: true,
		});
		const rows: Row[] = [];
		for (const origin of origins) {
			for (const target of targets) {
				if (origin === 'lan' && target.startsWith('127.')) continue;
				rows.push({origin, target, path: await explained(session, target, origin), happened: null});
			}
		}
		await Promise.all(origins.map(origin => send(lab, origin, containers.find(one => one.name === origin)?.pid ?? null, rows)));
		const wrong = rows.filter(({path, happened}) => path.verdict !== (happened ? 'delivered' : 'blocked'));
		console.log(
			`${engine} ${configuration.name}: ${rows.length} flows, ${rows.length - wrong.length} agree, ${rows.filter(row => row.path.verdict === 'delivered').length} delivered`,
		);
		expect(rows.length).toBeGreaterThan(20);
		expect(rows.some(row => row.happened) && rows.some(row => !row.happened)).toBe(true);
		expect(wrong.map(told)).toEqual([]);
	}, 240_000);
});

interface Row {
	origin: string;
	target: string;
	path: Path;
	/** Whether an answer came when the request was really sent. */
	happened: boolean | null;
}

/** Every container at its own addresses, and every published port at the host's. */
function targetsOf(
	containers: {
		name: string;
		endpoints: {address: string | null; address6: string | null}[];
		published: {hostPort: number; proto: string}[];
	}[],
	lab: Lab,
): string[] {
	const own = containers.flatMap(({name, endpoints}) =>
		endpoints
			.flatMap(end => [end.address, end.address6 ? `[${end.address6}]` : null])
			.filter(address => address !== null && address !== '')
			.map(address => (name === 'echo' ? `${address}:53/udp` : `${address}:80`)),
	);
	const ports = [...new Set(containers.flatMap(one => one.published.map(port => `${port.hostPort}${port.proto === 'udp' ? '/udp' : ''}`)))];
	const published = ports.flatMap(port => [
		`127.0.0.1:${port}`,
		`${lab.address.host}:${port}`,
		`172.17.0.1:${port}`,
		`[${lab.address.host6}]:${port}`,
	]);
	return [...own, ...published, ...own.slice(0, 2).map(target => target.replace(/:\d+/, ':82'))];
}

async function explained(session: Session, target: string, origin: string): Promise<Path> {
	const [parsedTarget, parsedOrigin] = [parseTarget(target), parseOrigin(origin)];
	if ('usage' in parsedTarget || 'usage' in parsedOrigin) throw new Error(`${origin} → ${target} cannot be asked`);
	const request: FlowRequest = {target: parsedTarget, origin: parsedOrigin, family: null};
	const {explanation} = await follow(session, request, explain);
	if ('usage' in explanation) throw new Error(explanation.usage);
	return explanation.path;
}

/** Sends all requests of one origin at once, in its own namespace. */
async function send(lab: Lab, origin: string, pid: number | null, rows: Row[]): Promise<void> {
	const own = rows.filter(row => row.origin === origin);
	const lines = own.map(({target}, index) => {
		const [, host, port, proto] = /^\[?([^\]]*?)\]?:(\d+)(?:\/(udp))?$/.exec(target) ?? [];
		return `${index} ${proto ?? 'tcp'} ${host} ${port}`;
	});
	const argv = [process.execPath, join(import.meta.dirname, 'asker.js')];
	const options = {stdin: `${lines.join('\n')}\n`, timeoutMs: 60_000};
	const ran =
		origin === 'lan'
			? await lab.lan(argv, options)
			: await lab.host(pid === null ? argv : ['nsenter', '-t', String(pid), '-n', ...argv], options);
	for (const line of ran.stdout.trim().split('\n')) {
		const [index, answer] = line.split(' ');
		const row = own[Number(index)];
		if (row) row.happened = answer === 'yes';
	}
}

function told({origin, target, path, happened}: Row): string {
	const hop =
		path.hops.find(one => one.verdict === 'blocks' || one.verdict === 'undetermined') ??
		path.reply?.hops.find(one => one.verdict !== 'passes');
	return `${origin} → ${target}: ${path.verdict}${path.lost ? ` (${path.lost})` : ''}, but ${happened ? 'answered' : 'no answer'}; ${hop ? `${hop.kind} ${hop.name} ${hop.cause ?? hop.unknown?.id}: ${hop.says}` : path.hops.map(one => one.kind).join(' ')}`;
}
