import {inPool} from '../../source/engine/pool.ts';
import type {Lab} from './lab.ts';

/**
 * A healthy host as they are found: twenty networks of many kinds and a hundred and two containers, of which 98 run. Three projects as compose
 * makes them (labels, aliases, a network of their own and an internal one behind it), internal networks, IPv6, fixed and second
 * addresses, ports of both protocols, ranges, bound to one address, to 127.0.0.1, to IPv6; the host's network, none, another container's;
 * links, workers that listen nowhere, services on 127.0.0.1 alone, and some that were stopped on purpose. Names say what they are.
 */
export async function sceneHundred(lab: Pick<Lab, 'docker' | 'engine'>): Promise<void> {
	for (const [name, ...args] of networks(lab)) await lab.docker('network', 'create', ...args, name);
	const first = containers.filter(({after}) => after === undefined);
	await inPool(4, first, one => start(lab, one));
	await inPool(
		4,
		containers.filter(({after}) => after !== undefined),
		one => start(lab, one),
	);
	for (const name of ['shop-app-1', 'blog-app-1']) await lab.docker('network', 'connect', 'shared', name);
	await lab.docker('stop', '-t', '0', 'stopped-1', 'stopped-2');
}

type Networks = [name: string, ...args: string[]][];

/** Nineteen beside `bridge`. The gateway mode is of engines since 27. */
function networks({engine}: Pick<Lab, 'engine'>): Networks {
	const projects = ['shop', 'blog', 'mail'].flatMap((project): Networks => {
		const labels = ['--label', `com.docker.compose.project=${project}`, '--label', 'com.docker.compose.network=default'];
		return [
			[`${project}_default`, ...labels],
			[`${project}_back`, '--internal', ...labels],
		];
	});
	const unprotected = engine === '28.5' ? ['-o', 'com.docker.network.bridge.gateway_mode_ipv4=nat-unprotected'] : [];
	return [
		...projects,
		['plain'],
		['shared'],
		['inner', '--internal'],
		['inner6', '--internal', '--ipv6', '--subnet', 'fd00:16::/64'],
		['six', '--ipv6', '--subnet', 'fd00:6::/64'],
		['six-two', '--ipv6', '--subnet', 'fd00:7::/64'],
		['small', '--subnet', '192.168.77.0/28'],
		['ranged', '--subnet', '192.168.80.0/22', '--ip-range', '192.168.81.0/24', '--gateway', '192.168.80.9'],
		['narrow', '-o', 'com.docker.network.driver.mtu=1400'],
		['quiet', '-o', 'com.docker.network.bridge.enable_icc=false'],
		['named', '-o', 'com.docker.network.bridge.name=br-named'],
		['bound', '-o', 'com.docker.network.bridge.host_binding_ipv4=10.99.0.1'],
		['unprotected', ...unprotected],
	];
}

interface Started {
	name: string;
	args: string[];
	run: string[];
	/** It needs another one. */
	after?: true;
	/** Created, never started. */
	only?: 'create';
}

async function start({docker}: Pick<Lab, 'docker'>, {name, args, run, only}: Started): Promise<void> {
	await docker(...(only === 'create' ? ['create'] : ['run', '-d']), '--name', name, ...args, ...run);
}

const tcp = (...addresses: string[]) => ['tiny', '/tiny', 'serve', ...addresses];
const udp = (...addresses: string[]) => ['tiny', '/tiny', 'serve', '--udp', ...addresses];
const web = tcp('0.0.0.0:80');
const worker = ['tiny', '/tiny', 'sleep'];
const net = (name: string) => ['--network', name];

function many(count: number, prefix: string, make: (index: number) => {args: string[]; run: string[]}): Started[] {
	return Array.from({length: count}, (_, index) => ({name: `${prefix}-${index + 1}`, ...make(index)}));
}

/** A service of a compose project, as `docker compose up` makes it. */
function service(project: string, name: string, network: string, run: string[], ...args: string[]): Started {
	const labels = ['project', 'service'].flatMap((what, index) => ['--label', `com.docker.compose.${what}=${[project, name][index]}`]);
	return {
		name: `${project}-${name}-1`,
		args: [...net(`${project}_${network}`), '--network-alias', name, ...labels, ...args],
		run,
	};
}

function project(name: string, port: number): Started[] {
	return [
		service(name, 'web', 'default', web, '-p', `${port}:80`),
		service(name, 'app', 'default', tcp('0.0.0.0:8000'), '--add-host', 'host.docker.internal:host-gateway'),
		service(name, 'worker', 'default', worker),
		service(name, 'db', 'back', tcp('0.0.0.0:5432')),
		service(name, 'cache', 'back', tcp('0.0.0.0:6379')),
		service(name, 'metrics', 'default', tcp('0.0.0.0:9100'), '-p', `127.0.0.1:${port + 1}:9100`),
	];
}

const containers: Started[] = [
	...project('shop', 8100),
	...project('blog', 8200),
	...project('mail', 8300),
	...many(10, 'plain', index => ({args: [...net('plain'), '-p', `${9000 + index}:80`], run: web})),
	...many(8, 'bridge', index => ({args: index % 2 ? ['-p', `${9100 + index}:80`] : [], run: web})),
	...many(6, 'inner', () => ({args: net('inner'), run: web})),
	...many(3, 'inner6', () => ({args: net('inner6'), run: tcp('[::]:80')})),
	...many(6, 'six', index => ({args: [...net('six'), '-p', `${9200 + index}:80`], run: tcp('[::]:80')})),
	...many(4, 'six-two', () => ({args: net('six-two'), run: tcp('[::]:80')})),
	...many(6, 'small', index => ({args: [...net('small'), '--ip', `192.168.77.${index + 5}`], run: web})),
	...many(4, 'ranged', index => ({args: [...net('ranged'), '-p', `${9300 + index}:80`], run: web})),
	...many(4, 'narrow', index => ({args: [...net('narrow'), '-p', `${9310 + index}:80`], run: web})),
	...many(4, 'quiet', index => ({args: [...net('quiet'), '-p', `${9320 + index}:80`], run: web})),
	...many(4, 'named', () => ({args: net('named'), run: web})),
	...many(3, 'bound', index => ({args: [...net('bound'), '-p', `${9330 + index}:80`], run: web})),
	...many(3, 'unprotected', index => ({args: [...net('unprotected'), '-p', `${9340 + index}:80`], run: web})),
	{name: 'dns', args: [...net('plain'), '-p', '9053:53/udp'], run: udp('0.0.0.0:53')},
	{name: 'dns-six', args: [...net('six'), '-p', '9054:53/udp'], run: udp('[::]:53')},
	{name: 'range', args: [...net('plain'), '-p', '9400-9402:80-82'], run: tcp('0.0.0.0:80', '0.0.0.0:81', '0.0.0.0:82')},
	{name: 'one-address', args: ['-p', '10.99.0.1:9410:80'], run: web},
	{name: 'private', args: ['-p', '127.0.0.1:9411:80'], run: web},
	{name: 'twice', args: ['-p', '9412:80', '-p', '9413:80'], run: web},
	{name: 'local-only', args: net('plain'), run: tcp('127.0.0.1:80')},
	{
		name: 'healthy',
		args: [...net('plain'), '--health-cmd', 'true', '--health-interval', '1s'],
		run: ['busybox', 'httpd', '-f', '-p', '80'],
	},
	{name: 'hosty', args: net('host'), run: tcp('0.0.0.0:9500')},
	{name: 'hosty-local', args: net('host'), run: tcp('127.0.0.1:9501')},
	{name: 'lonely', args: net('none'), run: web},
	{name: 'linked', args: ['--link', 'private:behind'], run: worker, after: true},
	{name: 'side', args: net('container:private'), run: worker, after: true},
	{name: 'side-serving', args: net('container:dns'), run: tcp('0.0.0.0:8080'), after: true},
	{name: 'read-only', args: [...net('named'), '--read-only', '--user', '65534', '--cap-drop', 'ALL'], run: tcp('0.0.0.0:8080')},
	{name: 'stopped-1', args: net('plain'), run: web},
	{name: 'stopped-2', args: [], run: web},
	{name: 'created', args: [...net('named'), '-p', '9601:80'], run: web, only: 'create'},
	{name: 'done', args: [], run: ['busybox', 'true']},
];
