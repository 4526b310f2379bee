import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseAddresses} from '../../source/kernel/addresses.js';
import {parseNslookup} from '../../source/kernel/ask-nslookup.js';
import {parseFdb} from '../../source/kernel/fdb.js';
import {parseLinks} from '../../source/kernel/links.js';
import {parseNeighbours} from '../../source/kernel/neighbours.js';
import {containerOf, parseStat} from '../../source/kernel/process.js';
import {parseProxy} from '../../source/kernel/proxies.js';
import {parseInet6, parseLocal4} from '../../source/kernel/public-addresses.js';
import {parseProcNet} from '../../source/kernel/public-sockets.js';
import {parseRoutes} from '../../source/kernel/routes.js';
import {parseRoutingRules} from '../../source/kernel/routing-rules.js';
import {parseSockets} from '../../source/kernel/sockets.js';
import {parseSysctls} from '../../source/kernel/sysctls.js';
import {lookupHosts} from '../../source/path/names/hosts-file.js';
import {hostSources} from '../../source/path/names/nsswitch.js';
import {parseResolvConf} from '../../source/path/names/resolv-conf.js';
import {parseTraffic} from '../../source/trace/traffic.js';
import {cpuTime} from '../cpu-time.js';
import {runs} from '../runs.js';
import {fixture} from './fixture.js';

const numRuns = runs(60);
/** Entries of a huge dump. */
const many = runs(5000);

/** One entry for each line, or each object of a list: a part of the text is a part of the entries. */
const lists: [name: string, file: string, parse: (text: string) => unknown[]][] = [
	['ip link', 'ip-link.txt', parseLinks],
	['ip addr', 'ip-addr.txt', parseAddresses],
	['ip route', 'ip-route-4.txt', text => parseRoutes(text, 4)],
	['ip -6 route', 'ip-route-6.txt', text => parseRoutes(text, 6)],
	['ip rule', 'ip-rule-4.txt', text => parseRoutingRules(text, 4)],
	['ip neigh', 'ip-neigh.txt', parseNeighbours],
	['bridge fdb', 'bridge-fdb.txt', parseFdb],
	['ss', 'ss.txt', text => parseSockets(text)],
	['/proc/net/tcp', 'proc-net-tcp.txt', text => parseProcNet(text, 'tcp', 4)],
	['/proc/net/udp6', 'proc-net-udp6.txt', text => parseProcNet(text, 'udp', 6)],
	['if_inet6', 'proc-net-if_inet6.txt', parseInet6],
];

describe.each(lists)('%s', (_, file, parse) => {
	const text = fixture(file);
	const whole = parse(text);

	it('cut off anywhere says so, or holds nothing that the whole does not', () => {
		fc.assert(
			fc.property(fc.nat(text.length), length => {
				for (const entry of orThrows(() => parse(text.slice(0, length)))) expect(whole).toContainEqual(entry);
			}),
			{numRuns},
		);
	});

	it(`of ${many} entries is read in a time that grows as they do`, () => {
		const isJson = text.trimStart().startsWith('[');
		const [head, ...lines] = isJson ? [] : text.split(/(?<=\n)/);
		const entries = isJson ? (JSON.parse(text) as unknown[]) : lines;
		const repeated = Array.from({length: many}, (_, index) => entries[index % entries.length]);
		const huge = isJson ? JSON.stringify(repeated) : [head, ...repeated].join('');
		const took = cpuTime(() => expect(parse(huge).length).toBeGreaterThan(many / 10));
		// A tenth of a millisecond for each; what grows with their square would take minutes.
		expect(took).toBeLessThan(200 + many / 10);
	});
});

/** What else is read as text: of files that programs of containers may write, too. */
const others: [name: string, parse: (text: string) => unknown][] = [
	['resolv.conf', parseResolvConf],
	['hosts', text => lookupHosts(text, 'web')],
	['nsswitch.conf', hostSources],
	['an argument vector', text => parseProxy(1, text)],
	["docker-proxy's argument vector", text => parseProxy(1, `docker-proxy\0${text}`)],
	['/proc/PID/stat', parseStat],
	['/proc/PID/cgroup', containerOf],
	['nslookup', parseNslookup],
	['/proc/net/dev', parseTraffic],
	['fib_trie', text => parseLocal4(text, fixture('proc-net-route-app.txt'))],
	['/proc/net/route', text => parseLocal4(fixture('proc-net-fib_trie-app.txt'), text)],
	['sysctls', parseSysctls],
	...lists.map(([name, , parse]): [string, (text: string) => unknown] => [name, parse]),
];

const hostile = fc.oneof(
	fc.string({unit: 'binary', maxLength: 200}),
	fc
		.tuple(
			fc.constantFrom('hosts:', 'nameserver ', '1 (', 'Name:', '|-- ', 'options ndots:', '127.0.0.1 ', '/proc/sys/', ''),
			fc.string({maxLength: 9}),
		)
		.map(([start, rest]) => `${start}${rest}\n`.repeat(20)),
);

const monotonous = [
	...['[', '(', '#', ' ', '\n', ':', '.', '\0', '|-- a\n', 'nameserver 1.1.1.1\n'].map(part => ['', part] as const),
	['hosts:', '['],
	['Name:', '\nAddress: '],
	['1 (', ') '],
	['Local:', '\n|-- a\n'],
] as const;

describe.each(others)('%s', (_, parse) => {
	it('of any text gives a value or an Error with words', () => {
		fc.assert(
			fc.property(hostile, text => {
				orThrows(() => [parse(text)]);
			}),
			{numRuns},
		);
	});

	it.each(monotonous)('of %j and then %j over and over does not hang', (start, part) => {
		const text = start + part.repeat(Math.ceil(runs(60_000) / part.length));
		expect(cpuTime(() => orThrows(() => [parse(text)]))).toBeLessThan(runs(500));
	});
});

describe('what is read of it', () => {
	it('servers of resolv.conf are addresses, its dots a number that the resolver takes', () => {
		fc.assert(
			fc.property(hostile, text => {
				const {servers, ndots} = parseResolvConf(text);
				expect(servers.length).toBeGreaterThan(0);
				for (const server of servers) expect(server).toMatch(/^[\da-f:.]+(%.*)?$/i);
				expect(ndots).toBeGreaterThanOrEqual(0);
				expect(ndots).toBeLessThanOrEqual(15);
			}),
			{numRuns},
		);
	});

	it("docker-proxy's ports are ports, or there is none", () => {
		const word = fc.oneof(fc.constantFrom('80', '0', '-1', '1e3', '0x50', 'Infinity', '65536', '', ' 80'), fc.string());
		fc.assert(
			fc.property(word, word, (host, container) => {
				const found = parseProxy(1, `/usr/bin/docker-proxy\0-proto\0tcp\0-host-port\0${host}\0-container-port\0${container}\0`);
				for (const port of found ? [found.hostPort, found.containerPort] : []) {
					expect(Number.isInteger(port)).toBe(true);
					expect(port).toBeGreaterThan(0);
					expect(port).toBeLessThan(65_536);
				}
				expect(found !== null || host !== '80' || container !== '80').toBe(true);
			}),
			{numRuns},
		);
	});
});

/** What it gives; nothing where it says in words why it does not. */
function orThrows<T>(parse: () => T[]): T[] {
	try {
		return parse();
	} catch (error) {
		expect(error).toBeInstanceOf(Error);
		expect((error as Error).message).not.toBe('');
		return [];
	}
}
