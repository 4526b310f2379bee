import {existsSync} from 'node:fs';
import {afterAll, expect, it} from 'vitest';
import {run} from '../../source/process/run.js';
import {removeLab} from '../lab/remove.ts';

const name = `kept-test-${process.pid}`;
const node = [process.execPath];

afterAll(() => removeLab(name));

it('--keep leaves a lab standing with the fault in it; the lines that it prints enter it, show the fault and end it', async () => {
	const kept = await run([...node, 'scripts/test-engine.ts', '--keep', 'the program listens on 127.0.0.1 alone', '--name', name], {
		timeoutMs: 110_000,
	});
	expect(kept).toMatchObject({stderr: '', code: 0});
	const line = (what: string) => new RegExp(`^ +${what}: +(.*)$`, 'm').exec(kept.stdout)?.[1] ?? '';
	const enter = line('on the host').replace(/ bash$/, '');
	const look = line('to look at it, on the host').replace('npm start --', `${process.execPath} dist/dockhop.js`);
	const seen = await run(['sh', '-c', `${enter} ${look}`]);
	expect(seen).toMatchObject({stdout: expect.stringMatching(/^blocked at hop \d+: .*127\.0\.0\.1/m), code: 1});
	const asked = line('on the LAN').replace(/ bash$/, ' curl -sS -m 2 http://10.99.0.1:8282/');
	expect((await run(['sh', '-c', asked])).code).not.toBe(0);

	const again = await run([...node, 'scripts/test-engine.ts', '--keep', 'six', '--name', name], {timeoutMs: 60_000});
	expect(again).toMatchObject({stdout: '', code: 1, stderr: expect.stringContaining(`node scripts/lab.ts down ${name}`)});

	const ended = await run([...node, ...line('to end it').split(' ').slice(1)], {timeoutMs: 60_000});
	expect(ended).toMatchObject({stdout: '', stderr: '', code: 0});
	for (const left of [`/var/lib/dockhop-lab/${name}`, `/run/netns/dhl-${name}-host`]) expect(existsSync(left), left).toBe(false);
});

it('a scenario that is none, or several, is told in one line', async () => {
	for (const [words, says] of [
		['nonsense', 'no scenario "nonsense"'],
		['port', 'several faults fit "port": '],
	] as const) {
		const ran = await run([...node, 'scripts/test-engine.ts', '--keep', words]);
		expect(ran).toMatchObject({stdout: '', code: 1, stderr: expect.stringMatching(new RegExp(`^test:engine: ${says}[^\n]*\n$`))});
	}
});
