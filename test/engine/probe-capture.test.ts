import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {curlArgv, curlAttempt} from '../../source/probe/curl.js';
import {curlCases} from '../probe/curl-cases.js';
import {plan as planOf} from '../probe/plan.js';
import {type Lab, openLab} from './probe-lab.js';

/**
 * This machine's curl meets every case for real. CAPTURE=FILE keeps what it printed for the unit tests; CURL names another curl.
 */
const captured: {name: string; code: number | null; stdout: string; stderr: string}[] = [];
const curl = process.env.CURL ?? 'curl';

let lab: Lab;
beforeAll(async () => {
	lab = await openLab();
});
afterAll(async () => {
	await lab.close();
	if (process.env.CAPTURE) {
		const version = spawnSync(curl, ['--version'], {encoding: 'utf8'}).stdout.split('\n')[0];
		writeFileSync(process.env.CAPTURE, `${JSON.stringify({version, captured}, null, '\t')}\n`);
	}
});

it.each(curlCases)('curl: $name', ({name, plan: fields, fault, ending, errno = null, httpStatus = null, error}) => {
	const plan = planOf(fields);
	const [, ...argv] = curlArgv(plan, plan.timeoutSeconds);
	if (fault) lab.at(fault.side, ...fault.make);
	const [program = '', ...enter] = lab.snapshot.vantage.enter;
	const ran = spawnSync(program, [...enter, curl, ...argv], {encoding: 'utf8', env: {...process.env, LC_ALL: 'C'}});
	if (fault) lab.at(fault.side, ...fault.undo);
	captured.push({name, code: ran.status, stdout: ran.stdout, stderr: ran.stderr});
	const attempt = curlAttempt(plan, {stdout: ran.stdout, stderr: ran.stderr, code: ran.status});
	expect(attempt).toMatchObject({ending, errno, httpStatus, error: error === null ? null : expect.stringContaining(error)});
});
