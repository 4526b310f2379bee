import {run} from '../../../source/process/run.js';
import {cables, containers, macsOf, type PlaceName, placeNames, places} from './topology.js';

/** The places of the topology as network namespaces. */
export interface Namespaces {
	/** Arguments in front of a program that is to run there. */
	enter: Record<PlaceName, string[]>;
	down(): Promise<void>;
}

/** Makes the namespaces (root only), with links, addresses, routes, and neighbours that need no asking. `down` removes them. */
export async function namespaces(): Promise<Namespaces> {
	const number = ++made;
	const name = (place: PlaceName) => `dhn-${process.pid}-${number}-${place}`;
	const enter = Object.fromEntries(placeNames.map(place => [place, ['nsenter', `--net=/run/netns/${name(place)}`]])) as Record<
		PlaceName,
		string[]
	>;
	const down = async () => {
		for (const place of placeNames) await run(['ip', 'netns', 'del', name(place)]);
	};
	try {
		for (const place of placeNames) {
			await must(['ip', 'netns', 'add', name(place)]);
			await must([...enter[place], 'sysctl', '-qw', ...quiet]);
			await batch(enter[place], ['link set lo up']);
		}
		await batch(enter.host, [
			...Object.entries(cables).map(
				([link, [place, peer]]) =>
					`link add ${link} address ${macsOf(link)[0]} type veth peer name ${peer} address ${macsOf(link)[1]} netns /run/netns/${name(place)}`,
			),
			'link add br0 type bridge',
			'link add br1 type bridge',
			...Object.values(containers).map(({bridge, port}) => `link set ${port} master ${bridge}`),
			...Object.keys(cables).map(link => `link set ${link} up`),
			'link set eth0 group 5',
		]);
		for (const place of placeNames) await batch(enter[place], addressing(place));
		const macs = Object.fromEntries(await Promise.all(placeNames.map(async place => [place, await readMacs(enter[place])])));
		for (const place of placeNames) await batch(enter[place], neighbours(place, macs));
	} catch (error) {
		await down();
		throw error;
	}
	return {enter, down};
}

let made = 0;

/** No packets that nobody sent: no router or duplicate address questions, no answer again. */
const quiet = [
	'net.ipv4.tcp_synack_retries=0',
	'net.ipv6.conf.default.accept_dad=0',
	'net.ipv6.conf.default.router_solicitations=0',
	'net.ipv6.conf.default.accept_ra=0',
];

function addressing(place: PlaceName): string[] {
	const {links, gateway} = places[place];
	return [
		...Object.entries(links).flatMap(([link, [v4, v6]]) => [
			`addr add ${v4}/24 dev ${link}`,
			`addr add ${v6}/64 dev ${link}`,
			`link set ${link} up`,
		]),
		...(gateway ? [`route add default via ${gateway[0]}`, `-6 route add default via ${gateway[1]}`] : []),
	];
}

type Macs = Record<PlaceName, Record<string, string>>;

/** Rules may drop ARP and neighbour discovery: that is not what is tested. */
function neighbours(place: PlaceName, macs: Macs): string[] {
	return placeNames.flatMap(other => {
		if (other === place) return [];
		return Object.entries(places[other].links).flatMap(([link, pair]) =>
			pair.flatMap(address => {
				const dev = Object.entries(places[place].links).find(([, own]) => own.some(one => subnet(one) === subnet(address)))?.[0];
				const mac = macs[other][link];
				return dev && mac ? [`neigh replace ${address} lladdr ${mac} nud permanent dev ${dev}`] : [];
			}),
		);
	});
}

function subnet(address: string): string {
	return address.slice(0, address.lastIndexOf(address.includes(':') ? '::' : '.'));
}

async function readMacs(enter: string[]): Promise<Record<string, string>> {
	const links = JSON.parse(await must([...enter, 'ip', '-j', 'link'])) as {ifname: string; address: string}[];
	return Object.fromEntries(links.map(({ifname, address}) => [ifname, address]));
}

/** Several commands of ip(8) in one process for each family (those of IPv6 begin with -6). `mayFail`: each of them. */
export async function batch(enter: readonly string[], commands: string[], mayFail = false): Promise<void> {
	for (const [option, lines] of [
		['-4', commands.filter(command => !command.startsWith('-6 '))],
		['-6', commands.filter(command => command.startsWith('-6 ')).map(command => command.slice(3))],
	] as const) {
		const argv = [...enter, 'ip', ...(option === '-6' ? ['-6'] : []), ...(mayFail ? ['-force'] : []), '-batch', '-'];
		const stdin = `${lines.join('\n')}\n`;
		if (lines.length > 0) await (mayFail ? run(argv, {stdin}) : must(argv, stdin));
	}
}

/** Runs a program that has to succeed, and gives what it printed. */
export async function must(argv: readonly string[], stdin?: string): Promise<string> {
	const ran = await run(argv, stdin === undefined ? {} : {stdin});
	if (ran.code !== 0) throw new Error(`${argv.join(' ')}: ${ran.failure ?? ran.code}: ${ran.stderr}`);
	return ran.stdout;
}

/** Loads rules by a program's stdin, without the lines that it or the kernel refuses, and gives what was loaded. */
export async function load(argv: readonly string[], text: string): Promise<string> {
	const lines = text.split('\n');
	for (let tries = 0; tries < 60; tries++) {
		const ran = await run(argv, {stdin: lines.join('\n')});
		if (ran.code === 0) return lines.join('\n');
		const refused = [...ran.stderr.matchAll(/(?:stdin:|line:? )(\d+)/g)].map(([, number]) => Number(number) - 1);
		if (refused.length === 0) throw new Error(`${argv.join(' ')}: ${ran.failure ?? ran.code}: ${ran.stderr}`);
		for (const index of refused) lines[index] = '';
	}
	throw new Error(`${argv.join(' ')}: still refused`);
}
