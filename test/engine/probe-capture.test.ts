import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {curlArgv, curlAttempt} from '../../source/probe/curl.js';
import {wgetArgv, wgetAttempt} from '../../source/probe/wget.js';
import {type CurlCase, curlCases} from '../probe/curl-cases.js';
import {plan as planOf} from '../probe/plan.js';
import {wgetCases} from '../probe/wget-cases.js';
import {type Lab, openLab} from './probe-lab.js';

/**
 * This machine's curl and wget meet every case for real. CURL and WGET name others ("busybox wget"); with CAPTURE=FOLDER what they
 * printed is kept there for the unit tests.
 */
const programs = {curl: (process.env.CURL ?? 'curl').split(' '), wget: (process.env.WGET ?? 'wget').split(' ')};
const captured: Record<'curl' | 'wget', {name: string; code: number | null; stdout: string; stderr: string}[]> = {curl: [], wget: []};

let lab: Lab;
beforeAll(async () => {
	lab = await openLab();
});
afterAll(async () => {
	await lab.close();
	for (const name of ['curl', 'wget'] as const) {
		if (!process.env.CAPTURE) break;
		const [program = '', ...rest] = programs[name];
		const {stdout, stderr} = spawnSync(program, [...rest, rest.length > 0 ? '--help' : '--version'], {encoding: 'utf8'});
		const [, kind = name, version = ''] = /^(curl|GNU Wget|BusyBox) v?([\d.]+)/m.exec(stdout + stderr) ?? [];
		const file = `${kind.toLowerCase().replace('gnu wget', 'wget')}-${version}.json`;
		writeFileSync(join(process.env.CAPTURE, file), `${JSON.stringify(captured[name], null, '\t')}\n`);
	}
});

/** Runs a program in the lab's host namespace as a probe would, and keeps what it printed. */
function meet(name: string, [program, ...argv]: string[], fault?: CurlCase['fault']) {
	const kind = program === 'curl' ? 'curl' : 'wget';
	if (fault) lab.at(fault.side, ...fault.make);
	const [enter = '', ...words] = [...lab.snapshot.vantage.enter, ...programs[kind], ...argv];
	const {status: code, stdout, stderr} = spawnSync(enter, words, {encoding: 'utf8', env: {...process.env, LC_ALL: 'C'}});
	if (fault) lab.at(fault.side, ...fault.undo);
	captured[kind].push({name, code, stdout, stderr});
	return {code, stdout, stderr};
}

it.each(curlCases)('curl: $name', ({name, plan: fields, fault, ending, errno = null, httpStatus = null, error}) => {
	const plan = planOf(fields);
	const attempt = curlAttempt(plan, meet(name, curlArgv(plan, plan.timeoutSeconds), fault));
	expect(attempt).toMatchObject({ending, errno, httpStatus, error: error === null ? null : expect.stringContaining(error)});
});

it.each(wgetCases)('wget: $name', ({name, plan: fields, ending, errno = null, httpStatus = null}) => {
	const plan = planOf(fields);
	const attempt = wgetAttempt(plan, meet(name, wgetArgv(plan, plan.timeoutSeconds)), 40);
	expect(attempt).toMatchObject({ending, errno, httpStatus});
});
