import {describe, expect, it} from 'vitest';
import {duration, errnoOf, reasonOf, tellingErrno} from '../../source/probe/errno.js';

describe('errnoOf', () => {
	// strerror(3) as glibc and as musl (Alpine) word it.
	it.each([
		['ECONNREFUSED', 'Connection refused', 'Connection refused'],
		['EHOSTUNREACH', 'No route to host', 'Host is unreachable'],
		['ENETUNREACH', 'Network is unreachable', 'Network unreachable'],
		['ETIMEDOUT', 'Connection timed out', 'Operation timed out'],
		['ECONNRESET', 'Connection reset by peer', 'Connection reset by peer'],
		['EADDRNOTAVAIL', 'Cannot assign requested address', 'Address not available'],
		['EACCES', 'Permission denied', 'Permission denied'],
		['EPERM', 'Operation not permitted', 'Operation not permitted'],
		['EINVAL', 'Invalid argument', 'Invalid argument'],
		['ENOPROTOOPT', 'Protocol not available', 'Protocol not available'],
	])('%s', (errno, glibc, musl) => {
		for (const words of [glibc, musl]) {
			expect(errnoOf(`* connect to 10.0.0.1 port 80 failed: ${words}`)).toBe(errno);
		}
	});

	it("is not found in curl's own words for a limit that ran out", () => {
		expect(errnoOf('curl: (28) Connection timed out after 4001 milliseconds')).toBeNull();
		expect(errnoOf('curl: (7) Failed to connect to 10.0.0.1 port 80 after 0 ms: Could not connect to server')).toBeNull();
	});
});

describe('tellingErrno', () => {
	it.each([
		['the target before a family that this host lacks', ['ECONNREFUSED', 'ENETUNREACH'], 'ECONNREFUSED'],
		['the last address', ['EHOSTUNREACH', 'ECONNREFUSED'], 'ECONNREFUSED'],
		['what there is', ['ENETUNREACH'], 'ENETUNREACH'],
		['nothing', [], null],
	])('%s', (_what, tried, expected) => {
		expect(tellingErrno(tried)).toBe(expected);
	});
});

describe('reasonOf', () => {
	it.each([
		['EHOSTUNREACH', 3069, 'no route to host after 3.1 s: nobody answered for the address on its link (ARP, or neighbour discovery)'],
		['EHOSTUNREACH', 2, 'no route to host: a firewall or router rejects it, or no way leads to that address'],
		['ETIMEDOUT', 5000, 'timed out after 5.0 s: dropped on the way, nothing came back'],
		['ETIMEDOUT', null, 'timed out: dropped on the way, nothing came back'],
		['ECONNREFUSED', 0, 'connection refused: nothing listens there, or a firewall rejects it'],
		['EXDEV', 0, 'the connection failed with EXDEV'],
	])('%s after %s ms', (errno, ms, reason) => {
		expect(reasonOf(errno, ms)).toBe(reason);
	});
});

describe('duration', () => {
	it.each([
		[0.4, '0 ms'],
		[999, '999 ms'],
		[3069, '3.1 s'],
	])('%s ms', (ms, text) => {
		expect(duration(ms)).toBe(text);
	});
});
