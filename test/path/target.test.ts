import {describe, expect, it} from 'vitest';
import {parseOrigin} from '../../source/path/origin.js';
import {parseTarget} from '../../source/path/target.js';

describe('TARGET', () => {
	it.each([
		['www', {kind: 'container', name: 'www', port: null, proto: 'tcp'}],
		['www:80', {kind: 'container', name: 'www', port: 80, proto: 'tcp'}],
		['dns:53/udp', {kind: 'container', name: 'dns', port: 53, proto: 'udp'}],
		['sig:9/SCTP', {kind: 'container', name: 'sig', port: 9, proto: 'sctp'}],
		['192.0.2.1:8080', {kind: 'address', address: '192.0.2.1', port: 8080, proto: 'tcp'}],
		['[::1]:8080', {kind: 'address', address: '::1', port: 8080, proto: 'tcp'}],
		[':8080', {kind: 'port', port: 8080, proto: 'tcp'}],
		[':53/udp', {kind: 'port', port: 53, proto: 'udp'}],
		['http://web/', {kind: 'url', url: 'http://web/', host: 'web', port: 80, tls: false}],
		['https://[2001:db8::1]/x?y', {kind: 'url', url: 'https://[2001:db8::1]/x?y', host: '2001:db8::1', port: 443, tls: true}],
		[
			'http://host.docker.internal:8080',
			{kind: 'url', url: 'http://host.docker.internal:8080/', host: 'host.docker.internal', port: 8080, tls: false},
		],
	])('%s', (text, expected) => {
		expect(parseTarget(text)).toEqual(expected);
	});

	it.each([
		['192.0.2.1', 'needs a port'],
		['::1', 'in brackets'],
		['www:0', '1 to 65535'],
		['www:65536', '1 to 65535'],
		['www:http', '1 to 65535'],
		['www:80/quic', 'tcp, udp, sctp'],
		['', 'CONTAINER'],
		[':', '1 to 65535'],
		['[web]:80', 'IPv6'],
		['ftp://web/', 'http:// and https://'],
		['http://', 'no URL'],
		['http://web:0/', '1 to 65535'],
	])('%s is refused', (text, words) => {
		expect(parseTarget(text)).toEqual({usage: expect.stringContaining(words)});
	});
});

describe('ORIGIN', () => {
	it.each([
		['host', {kind: 'host', address: null}],
		['host:192.0.2.1', {kind: 'host', address: '192.0.2.1'}],
		['host:[::1]', {kind: 'host', address: '::1'}],
		['lan', {kind: 'lan', address: null}],
		['lan:2001:db8::7', {kind: 'lan', address: '2001:db8::7'}],
		['app', {kind: 'container', name: 'app'}],
		['container:lan', {kind: 'container', name: 'lan'}],
	])('%s', (text, expected) => {
		expect(parseOrigin(text)).toEqual(expected);
	});

	it.each(['', 'container:', 'host:nonsense', 'lan:'])('%s is refused', text => {
		expect(parseOrigin(text)).toEqual({usage: expect.stringContaining('origin')});
	});
});
