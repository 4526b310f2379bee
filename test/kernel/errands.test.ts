import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {runErrands} from '../../source/kernel/errands.js';
import {stepsOf} from '../../source/kernel/ip-batch.js';
import {runReader} from '../../source/kernel/runner.js';

const say = (text: string, code = 0) => ['sh', '-c', `printf %s "$1"; printf %s "$WHERE" >&2; exit ${code}`, 'sh', text];

test('each program of each errand has its own output, words and exit code', async () => {
	const argvs = [say('a "b" $c\n'), say('', 3), say('last')];
	const did = await runErrands(
		[],
		['one', 'two'].map(where => ({enter: ['env', `WHERE=${where}`], argvs})),
		{},
	);
	const expected = (where: string) => [
		{stdout: 'a "b" $c\n', stderr: where, code: 0},
		{stdout: '', stderr: where, code: 3},
		{stdout: 'last', stderr: where, code: 0},
	];
	expect(did).toMatchObject([expected('one'), expected('two')]);
});

test('an errand that cannot be run, or ends before its time, is not known; the others are', async () => {
	const argvs = [say('x'), ['sh', '-c', 'kill -9 $PPID'], say('y')];
	const did = await runErrands(
		[],
		[
			{enter: ['env'], argvs: [say('first')]},
			{enter: ['/no/such/program'], argvs: [say('x')]},
			{enter: ['env'], argvs},
			{enter: ['env'], argvs: [say('last')]},
		],
		{},
	);
	expect(did).toMatchObject([[{stdout: 'first'}], [null], [null, null, null], [{stdout: 'last'}]]);
});

test('what nobody knows together is asked for alone; asked for at once or one after the other, the answers are the same', async () => {
	const ask = (where: string, text: string) => runReader(['env', `WHERE=${where}`], say(text));
	const places = Array.from({length: 40}, (_, index) => `place ${index}`);
	const all = await Promise.all(places.flatMap(where => [ask(where, 'a'), ask(where, 'b')]));
	expect(all.map(({stdout, stderr}) => [stdout, stderr])).toEqual(
		places.flatMap(where => [
			['a', where],
			['b', where],
		]),
	);
	const [missing, there] = await Promise.all([runReader(['env'], ['/no/such/program']), runReader(['env'], say('there'))]);
	expect([missing?.code, there?.stdout]).toEqual([127, 'there']);
});

test('questions to ip with the same options are one batch', async () => {
	const argvs = [
		['ip', '-j', '-4', 'route', 'show', 'table', 'all'],
		['ip', '-j', '-6', 'route'],
		['ss', '-tl'],
		['ip', '-j', '-4', 'rule'],
		['ip', '-j', '-4', 'route', 'show', 'table', 'a b'],
		['ip', 'link'],
		['ip', '-j', '-d', 'link'],
		['ip', '-j', 'addr'],
	];
	expect(stepsOf(argvs).map(({of}) => of)).toEqual([[0, 3], [1], [2], [4], [5], [6, 7]]);
	const [batch] = stepsOf(argvs);
	const ran = {stdout: '[1]\n\n[2]\n', stderr: '', code: 0, signal: null, failure: null};
	expect(batch?.read(ran).map(({stdout}) => stdout)).toEqual(['[1]', '[2]']);
	expect([{code: 1}, {stderr: 'Dump was interrupted'}, {stdout: '[1]\n'}].map(part => batch?.read({...ran, ...part}))).toEqual([
		[],
		[],
		[],
	]);
	const questions = [argvs[0], argvs[3]].map(argv => argv ?? []);
	const [together = []] = await runErrands([], [{enter: ['env'], argvs: questions}], {});
	const alone = await Promise.all(questions.map(argv => runReader([], argv)));
	expect(together.map(one => JSON.parse(one?.stdout ?? ''))).toEqual(alone.map(one => JSON.parse(one.stdout)));
});

test('what a question to ip holds is no text of the shell', async () => {
	const [batch] = stepsOf([
		['ip', '-j', 'link'],
		['ip', '-j', 'addr'],
	]);
	const asked: string[] = [];
	const words = (...more: readonly string[]) =>
		more.map(word => `\${${asked.push(word === 'addr' ? '$(echo no) `echo no` "QUESTIONS"' : word)}}`);
	const script = batch?.call(words, 'echo $?').replace(/^.*(?=<<)/, 'cat ') ?? '';
	const {stdout} = await runReader([], ['sh', '-c', script, 'sh', ...asked]);
	expect(stdout).toBe('link\n$(echo no) `echo no` "QUESTIONS"\n0\n');
});

test('what is asked here in one turn is asked together, and is known one by one', async () => {
	const parents = await Promise.all(Array.from({length: 12}, () => runReader([], ['sh', '-c', 'echo $PPID'])));
	expect(new Set(parents.map(({stdout}) => stdout)).size).toBeLessThanOrEqual(1);
	const [missing, there] = await Promise.all([runReader([], ['/no/such/program']), runReader([], say('there'))]);
	expect([missing?.failure, there?.stdout]).toEqual(['ENOENT', 'there']);
});

test('without the right to a mount namespace of their own, many errands are run all the same', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'dhk-'));
	writeFileSync(join(folder, 'unshare'), '#!/bin/sh\necho "unshare: unshare failed: Operation not permitted" >&2\nexit 1\n', {mode: 0o755});
	const errands = Array.from({length: 10}, (_, index) => ({enter: ['env', `WHERE=${index}`], argvs: [say('a'), say('b')]}));
	const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n').filter(isOfCgroups);
	const did = await runErrands([], errands, {env: {PATH: `${folder}:${process.env.PATH}`}});
	expect(did.map(rans => rans.map(ran => ran?.stderr))).toEqual(errands.map((_, index) => [String(index), String(index)]));
	expect(readFileSync('/proc/self/mounts', 'utf8').split('\n').filter(isOfCgroups)).toEqual(mounts);
	rmSync(folder, {recursive: true});
});

test('in a mount namespace of their own, nothing is mounted on the host', async () => {
	const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n').filter(isOfCgroups);
	const errands = Array.from({length: 10}, () => ({enter: ['env'], argvs: [say('a'), say('b')]}));
	expect((await runErrands([], errands, {})).flat().map(ran => ran?.stdout)).toEqual(errands.flatMap(() => ['a', 'b']));
	expect(readFileSync('/proc/self/mounts', 'utf8').split('\n').filter(isOfCgroups)).toEqual(mounts);
});

function isOfCgroups(mount: string): boolean {
	return mount.includes('/sys/fs/cgroup');
}
