import {afterAll, describe, expect, it, vi} from 'vitest';
import {type EngineName, engines} from '../lab/engines.ts';
import type {Lab, LabOptions} from '../lab/lab.ts';
import {useLab} from '../lab/use-lab.ts';
import {agrees, inventory, type Row, told, walkAndSend} from './walk-and-send.ts';

/**
 * Every request between the LAN, the host and containers of networks of many kinds, explained and sent for real: the verdict has to be what
 * happens, and none may be undetermined.
 */
interface Configuration {
	name: string;
	engines?: EngineName[];
	options?: Omit<LabOptions, 'engine'>;
	fill: (lab: Lab) => Promise<unknown>;
}

const serve = ['tiny', '/tiny', 'serve'];
/** Takes IPv4 as well. */
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
	const ports = ['-p', '8011:80', '-p', '10.99.0.1:8012:80', '-p', '8013:81', '-p', '8014:82'];
	await run('one', '--network', 'n1', ...ports, ...serve, '0.0.0.0:80');
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
	await run('echo6', '--network', 'six', '-p', '5302:53/udp', ...serve, '--udp', '[::]:53');
	await run('many', '-p', '8071-8073:80-82', ...serve, '0.0.0.0:80', '0.0.0.0:81');
}

/** Gateway modes for both families, a port of each published at a free port of the host. */
async function gatewayModes(lab: Lab): Promise<void> {
	for (const [index, mode] of ['nat', 'nat-unprotected', 'routed', 'isolated'].entries()) {
		const options = [4, 6].flatMap(family => ['-o', `com.docker.network.bridge.gateway_mode_ipv${family}=${mode}`]);
		const six = ['--ipv6', '--subnet', `fd00:66:0:${index + 1}::/64`];
		await lab.docker('network', 'create', ...(mode === 'isolated' ? ['--internal'] : []), ...six, ...options, mode);
		await lab.docker('run', '-d', '--name', `${mode}-1`, '--network', mode, '-p', '80', ...serve, ...both, '0.0.0.0:81');
		await lab.docker('run', '-d', '--name', `${mode}-2`, '--network', mode, ...serve, ...both);
	}
	await lab.docker('run', '-d', '--name', 'plain', '-p', '8001:80', ...serve, '0.0.0.0:80');
}

/** Containers on two networks each: the default route leads to the one whose name comes first, or to the one of higher priority. */
async function gatewayPriorities(lab: Lab): Promise<void> {
	for (const name of ['na', 'nb']) await lab.docker('network', 'create', name);
	const run = (name: string, ...networks: string[]) =>
		lab.docker('run', '-d', '--name', name, ...networks.flatMap(one => ['--network', one]), ...serve, '0.0.0.0:80');
	const published = (port: number) => ['-p', `${port}:80`];
	await lab.docker('run', '-d', '--name', 'alone-a', '--network', 'na', ...published(8081), ...serve, '0.0.0.0:80');
	await lab.docker('run', '-d', '--name', 'alone-b', '--network', 'nb', ...published(8082), ...serve, '0.0.0.0:80');
	await run('equal', 'name=na', 'name=nb');
	await run('by-a', 'name=na,gw-priority=1', 'name=nb');
	await run('by-b', 'name=na', 'name=nb,gw-priority=1');
	const both = ['--network', 'name=na', '--network', 'name=nb,gw-priority=1'];
	await lab.docker('run', '-d', '--name', 'published-b', ...both, ...published(8083), ...serve, '0.0.0.0:80');
	await lab.docker('run', '-d', '--name', 'joined', '--network', 'na', ...published(8084), ...serve, '0.0.0.0:80');
	await lab.docker('network', 'connect', '--gw-priority', '1', 'nb', 'joined');
}

const withIp6tables = {daemonJson: {experimental: true, ip6tables: true}};

const configurations: Configuration[] = [
	{name: 'userland-proxy on', fill: commonScene},
	{name: 'userland-proxy off', options: {daemonArgs: ['--userland-proxy=false']}, fill: commonScene},
	// On 28.5 that is how it is without a word.
	{name: 'ip6tables on', engines: ['20.10', '26.1'], options: withIp6tables, fill: commonScene},
	{name: 'gateway modes', engines: ['28.5'], fill: gatewayModes},
	{name: 'gateway priorities', engines: ['28.5'], fill: gatewayPriorities},
];

const cells = engines.flatMap(engine =>
	configurations.filter(one => !one.engines || one.engines.includes(engine)).map(configuration => ({engine, configuration})),
);

describe.each(cells)('engine $engine, $configuration.name', ({engine, configuration}) => {
	const lab = useLab({engine, ...configuration.options}, async made => {
		await configuration.fill(made);
		// What the walk assumes of a LAN client that asks for a container's own address: that its packets are sent to this host.
		await made.lan(['ip', 'route', 'add', '172.16.0.0/12', 'via', made.address.host]);
		await made.lan(['ip', '-6', 'route', 'add', 'fd00:66::/48', 'via', made.address.host6]);
		// An address that the kernel still checks for duplicates is not used as a source yet.
		await vi.waitFor(async () => expect((await made.host(['ip', '-6', 'addr', 'show', 'tentative'])).stdout).toBe(''), {
			timeout: 10_000,
			interval: 200,
		});
	});

	it('every verdict is what happens', async () => {
		const containers = await inventory(lab());
		const targets = targetsOf(containers, lab());
		const rows = await walkAndSend(
			lab(),
			['lan', 'host', ...containers.map(one => one.name)].flatMap(origin =>
				targets.filter(target => origin !== 'lan' || !target.startsWith('127.')).map(target => ({origin, target})),
			),
		);
		table.push(...byClass(`${engine}, ${configuration.name}`, rows));
		expect(rows.length).toBeGreaterThan(20);
		expect(rows.some(row => row.happened) && rows.some(row => !row.happened)).toBe(true);
		expect(rows.filter(row => !agrees(row)).map(told)).toEqual([]);
	}, 240_000);
});

afterAll(() => console.log(table.join('\n')));
const table: string[] = [];

/** How many flows of each kind there were, how many were answered, and on how many walk and answer agree. */
function byClass(cell: string, rows: readonly Row[]): string[] {
	const kinds = Map.groupBy(rows, row => `${originKind(row)} → ${targetKind(row)}`);
	return [...kinds].map(([kind, list]) => {
		const disagree = list.filter(row => !agrees(row)).length;
		const counts = `${list.length} flows, ${list.filter(row => row.happened).length} answered`;
		return `${disagree === 0 ? 'agreed' : `${disagree} NOT AGREED`}  ${cell.padEnd(32)} ${kind.padEnd(44)} ${counts}`;
	});
}

function originKind({origin}: Row): string {
	return origin === 'lan' || origin === 'host' ? origin : 'container';
}

function targetKind({target}: Row): string {
	const proto = target.endsWith('/udp') ? 'udp' : 'tcp';
	const port = Number(/:(\d+)(?:\/|$)/.exec(target.replace(/^\[.*\]/, ''))?.[1]);
	const family = target.startsWith('[') ? 'IPv6' : 'IPv4';
	if (port < 1000) return `a container, ${family} ${proto}`;
	const at = target.startsWith('127.') ? 'at 127.0.0.1' : target.startsWith('172.17.') ? "at docker0's address" : "at the NIC's address";
	return `a published port ${at}, ${family} ${proto}`;
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
			.map(address => (name.startsWith('echo') ? `${address}:53/udp` : `${address}:80`)),
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
