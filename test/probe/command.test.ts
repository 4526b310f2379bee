import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import type {ProbePlan, Snapshot} from '../../source/model/index.js';
import {commandLine, nsenterLine, wgetLine} from '../../source/probe/command.js';
import {quote} from '../../source/text/quote.js';
import {plan} from './plan.js';

const snapshot = JSON.parse(readFileSync('demo/demo.json', 'utf8')) as Snapshot;
const app = snapshot.engine.read ? snapshot.engine.value.containers.find(({name}) => name === 'app') : undefined;
const inside = {from: {kind: 'container' as const, id: app?.id ?? ''}, host: 'web'};

describe('commandLine', () => {
	it.each<[Partial<ProbePlan>, string]>([
		[{host: '127.0.0.1', port: 8080}, 'curl --fail http://127.0.0.1:8080/'],
		[{host: '::1', port: 8080}, "curl --fail 'http://[::1]:8080/'"],
		[{host: '::1'}, "curl --fail 'http://[::1]/'"],
		[{scheme: 'https', host: 'web', port: 8443}, 'curl --fail https://web:8443/'],
		[{host: 'web', path: "/it's?a=1&b=$(id)"}, `curl --fail 'http://web/it'\\''s?a=1&b=$(id)'`],
		[{host: 'web', family: 4, from: {kind: 'host', address: '10.0.0.5'}}, 'curl --fail -4 --interface 10.0.0.5 http://web/'],
		[inside, 'docker exec app curl --fail http://web/'],
		[{...inside, scheme: 'udp', port: 53}, 'echo | docker exec -i app nc -u -w 2 web 53'],
		[{scheme: 'udp', host: '127.0.0.1', port: 5353, timeoutSeconds: 2.5}, 'echo | nc -u -w 3 127.0.0.1 5353'],
	])('%j', (fields, line) => {
		expect(commandLine(plan(fields), snapshot)).toBe(line);
	});
});

describe('where the container has no curl', () => {
	it('is wget, or the name given to the host’s curl as it was resolved', () => {
		expect(wgetLine(plan(inside), snapshot)).toBe('docker exec app wget -O /dev/null http://web/');
		expect(nsenterLine(plan(inside), 42, '172.18.0.2')).toBe('nsenter -t 42 -n curl --fail --resolve web:80:172.18.0.2 http://web/');
		expect(nsenterLine(plan({}), 42, '10.77.0.2')).toBe('nsenter -t 42 -n curl --fail http://10.77.0.2/');
	});
});

describe('quote', () => {
	it.each([
		[['a', 'b c'], "a 'b c'"],
		[['$HOME', '`id`', ''], "'$HOME' '`id`' ''"],
		[["it's"], `'it'\\''s'`],
	])('%j', (argv, line) => {
		expect(quote(argv)).toBe(line);
	});
});
