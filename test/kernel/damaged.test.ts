import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseAddresses} from '../../source/kernel/addresses.js';
import {parseFdb} from '../../source/kernel/fdb.js';
import {parseLinks} from '../../source/kernel/links.js';
import {parseNeighbours} from '../../source/kernel/neighbours.js';
import {parseInet6, parseLocal4} from '../../source/kernel/public-addresses.js';
import {parseProcNet} from '../../source/kernel/public-sockets.js';
import {parseRoutes} from '../../source/kernel/routes.js';
import {parseRoutingRules} from '../../source/kernel/routing-rules.js';
import {parseSockets} from '../../source/kernel/sockets.js';
import {parseSysctls} from '../../source/kernel/sysctls.js';
import {fixture} from './fixture.js';

const parsers: [name: string, file: string, parse: (text: string) => unknown][] = [
	['links', 'ip-link.txt', parseLinks],
	['addresses', 'ip-addr.txt', parseAddresses],
	['routes', 'ip-route-4.txt', text => parseRoutes(text, 4)],
	['IPv6 routes', 'ip-route-6.txt', text => parseRoutes(text, 6)],
	['rules', 'ip-rule-4.txt', text => parseRoutingRules(text, 4)],
	['neighbours', 'ip-neigh.txt', parseNeighbours],
	['FDB', 'bridge-fdb.txt', parseFdb],
	['sockets', 'ss.txt', parseSockets],
	['/proc/net/tcp6', 'proc-net-tcp6.txt', text => parseProcNet(text, 'tcp', 6)],
	['fib_trie', 'proc-net-fib_trie-app.txt', text => parseLocal4(text, fixture('proc-net-route-app.txt'))],
	['route', 'proc-net-route-app.txt', text => parseLocal4(fixture('proc-net-fib_trie-app.txt'), text)],
	['if_inet6', 'proc-net-if_inet6.txt', parseInet6],
	['sysctls', 'proc-net-tcp.txt', parseSysctls],
];

describe.each(parsers)('%s that were cut, mixed up or overwritten', (_, file, parse) => {
	const text = fixture(file);
	const damaged = fc
		.tuple(
			fc.nat(text.length),
			fc.nat(40),
			fc.oneof(fc.string({unit: 'binary', maxLength: 8}), fc.constantFrom('null', '{}', '[]', '""', '-1', '\n')),
		)
		.map(([at, length, patch]) => text.slice(0, at) + patch + text.slice(at + length));

	it('either throws an Error with words or gives values without control characters', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					damaged,
					fc.nat(text.length).map(at => text.slice(0, at)),
					fc.json(),
					fc.string({unit: 'binary'}),
				),
				input => {
					let value: unknown;
					try {
						value = parse(input);
					} catch (error) {
						expect(error).toBeInstanceOf(Error);
						expect((error as Error).message).not.toBe('');
						return;
					}
					expect(JSON.stringify(value)).not.toMatch(/[\p{Cc}\p{Cf}]|\\u00[01]/u);
				},
			),
			{numRuns: 300},
		);
	});
});
