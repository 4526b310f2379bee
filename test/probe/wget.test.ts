import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {wgetAttempt} from '../../source/probe/wget.js';
import {plan} from './plan.js';
import {wgetCases} from './wget-cases.js';

type Capture = {name: string; code: number; stdout: string; stderr: string}[];
const folder = join(import.meta.dirname, 'fixtures');

describe.each(readdirSync(folder).filter(file => /^(wget|busybox)-/.test(file)))('%s', file => {
	const captured = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Capture;

	it.each(wgetCases)('$name', ({name, plan: fields, ending, errno = null, httpStatus = null}) => {
		const ran = captured.find(one => one.name === name);
		expect(ran).toBeDefined();
		const attempt = wgetAttempt(plan(fields), ran as Capture[number], 40);
		expect(attempt).toMatchObject({ending, errno, httpStatus, exitCode: ran?.code, timings: {total: 40}});
		expect(attempt.remoteAddress).toBe(ending === 'nameless' ? null : (fields.host ?? '10.77.0.2'));
		expect(attempt.error === null).toBe(ran?.code === 0);
	});
});

describe('wgetAttempt', () => {
	// What busybox without FEATURE_WGET_TIMEOUT does (and Debian's static one, which crashes).
	it.each([
		["wget: invalid option -- 'T'\nBusyBox v1.35.0 multi-call binary.\n\nUsage: wget [-cqS] URL...\n", 1, 'takes no time limit'],
		['', 139, 'exit code 139'],
	])('is not sent where wget itself fails: %j', (stderr, code, error) => {
		expect(wgetAttempt(plan({}), {stdout: '', stderr, code}, 40)).toMatchObject({ending: 'notSent', error: expect.stringContaining(error)});
	});
});
