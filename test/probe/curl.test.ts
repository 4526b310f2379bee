import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {curlArgv, curlAttempt} from '../../source/probe/curl.js';
import {curlCases} from './curl-cases.js';
import {plan} from './plan.js';

const folder = join(import.meta.dirname, 'fixtures');
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Capture;
type Capture = {name: string; code: number; stdout: string; stderr: string}[];

describe.each(readdirSync(folder).filter(file => file.startsWith('curl-')))('%s', file => {
	const captured = read(file);

	it.each(curlCases)('$name', ({name, plan: fields, ending, errno = null, httpStatus = null, error}) => {
		const ran = captured.find(one => one.name === name);
		expect(ran).toBeDefined();
		const attempt = curlAttempt(plan(fields), ran as Capture[number]);
		expect(attempt).toMatchObject({ending, errno, httpStatus, error: error === null ? null : expect.stringContaining(error)});
		expect(attempt.exitCode).toBe(ran?.code);
		expect(attempt.remoteAddress).toSatisfy(address => ending === 'nameless' || errno === 'EADDRNOTAVAIL' || typeof address === 'string');
		expect(attempt.localPort).toSatisfy(port => port === null || (port > 0 && port < 65_536));
	});
});

describe('curlAttempt', () => {
	it('keeps the times in milliseconds, and none for the lookup of an address', () => {
		const ran = read('curl-7.88.1.json').find(({name}) => name === '200');
		const {timings} = curlAttempt(plan({}), ran as Capture[number]);
		expect(timings).toEqual({
			namelookup: null,
			connect: expect.any(Number),
			tls: null,
			firstByte: expect.any(Number),
			total: expect.any(Number),
		});
		expect(timings.total).toBeLessThan(1000);
	});

	it('is not sent where a program in front of curl failed', () => {
		const ran = {stdout: '', stderr: 'unshare: unshare failed: Operation not permitted\n', code: 1};
		expect(curlAttempt(plan({}), ran)).toMatchObject({ending: 'notSent', error: 'unshare: unshare failed: Operation not permitted'});
	});
});

describe('curlArgv', () => {
	it.each([
		[{}, ['http://10.77.0.2/']],
		[{port: 8080, path: '/a?b=[1]'}, ['http://10.77.0.2:8080/a?b=[1]']],
		[{scheme: 'https' as const, host: 'web', port: 443}, ['https://web/']],
		[{host: 'fd77::2', port: 8080}, ['http://[fd77::2]:8080/']],
		[{host: 'web', family: 6 as const}, ['-6', 'http://web/']],
		[{from: {kind: 'host' as const, address: '10.0.0.5'}}, ['--interface', '10.0.0.5', 'http://10.77.0.2/']],
	])('%j', (fields, end) => {
		const argv = curlArgv(plan(fields), 5);
		expect(argv.slice(0, 2)).toEqual(['curl', '-q']);
		expect(argv.slice(-end.length)).toEqual(end);
	});
});
