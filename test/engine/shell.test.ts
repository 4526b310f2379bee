import {readFile} from 'node:fs/promises';
import {afterEach, describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {unprivilegedUser} from '../lab/unprivileged.ts';
import {useLab} from '../lab/use-lab.ts';
import type {Program} from '../terminal/program.ts';
import {explorerOn, open, startOn} from './lab-explorer.ts';
import {leftAfter, runningWith} from './process-tree.ts';

const engine = engines.at(-1) as (typeof engines)[number];
let shown: Program | undefined;
afterEach(() => shown?.stop());

describe(`s in the explorer on engine ${engine}`, () => {
	const lab = useLab({engine}, sceneSix);
	const env = {SHELL: '/bin/bash', PS1: 'ready> ', HISTFILE: '', ENV: undefined};
	/** What is mounted where the shell's own mounts are. Other labs come and go elsewhere. */
	const mounts = async () =>
		(await readFile('/proc/self/mounts', 'utf8')).split('\n').filter(line => / \/(etc|sys|run\/nscd)\b/.test(line));

	/** Opens the shell of a container of the scene; rc files of the machine would change its prompt. */
	async function shellOf(name: string): Promise<Program> {
		const program = await explorerOn(lab(), {env});
		await open(program, name, name === 'app' ? 'host → app' : `lan → ${name}:80`);
		program.press('s');
		await program.waitFor(`network namespace of ${name}: `);
		program.press("PS1='ready> '; clear\r");
		await program.waitFor(/^ready> $/m);
		return program;
	}

	/** What a line prints in the shell. */
	async function says(program: Program, line: string, wanted: RegExp): Promise<void> {
		program.press(`${line}\r`);
		await program.waitFor(wanted);
		program.press('clear\r');
		await program.waitFor(/^ready> *\n*$/);
	}

	it("is in that container's network, with its names and the host's programs, and comes back to the same screen", async () => {
		const before = await mounts();
		shown = await explorerOn(lab(), {env});
		await open(shown, 'web', 'lan → web:80, published 8081/tcp');
		shown.press('down', 'down');
		await shown.waitFor(/▸✓ +3 /);
		await shown.waitFor(allRead);
		await shown.settled();
		const screen = shown.screen();
		shown.press('s');
		await shown.waitFor('network namespace of web: ');
		expect(shown.alternate()).toBe(false);
		shown.press("PS1='ready> '; clear\r");
		await shown.waitFor(/^ready> *$/m);
		const address = await lab().docker('inspect', '-f', '{{.NetworkSettings.Networks.appnet.IPAddress}}', 'web');
		await says(shown, 'ip -o -4 addr show eth0', new RegExp(`eth0 +inet ${address.replaceAll('.', '\\.')}/16`));
		await says(shown, 'tail -n 1 /etc/hosts', new RegExp(`^${address}\\s+web`, 'm'));
		await says(shown, 'grep nameserver /etc/resolv.conf', /^nameserver 127\.0\.0\.11/m);
		await says(shown, 'ls /sys/class/net', /^eth0 +lo/m);
		// busybox alone is in the image: curl is the host's, and the name is that network's.
		await says(shown, 'curl -s -o /dev/null -w "%{http_code}\\n" http://app/', /^[24]0[04]/m);
		shown.press('sleep 600\r');
		await shown.settled();
		shown.press('ctrl-c');
		await says(shown, 'echo still here', /^still here/m);
		shown.press('exit\r');
		await shown.waitFor(/┏━ 3 Request flow/);
		await shown.waitFor(allRead);
		await shown.settled();
		expect(shown.alternate()).toBe(true);
		expect(shown.screen().map(masked)).toEqual(screen.map(masked));
		shown.press('down');
		await shown.waitFor(/▸✓ +4 /);
		shown.press('q');
		expect(await shown.ended()).toBe(0);
		expect(await mounts()).toEqual(before);
	});

	it('ends with dockhop, also after kill -9', async () => {
		shown = await shellOf('web');
		shown.press('exec sleep 987654\r');
		await expect.poll(() => runningWith('987654')).toHaveLength(1);
		const left = await runningWith('987654');
		const dockhop = await runningWith('dist/dockhop.js');
		for (const {pid} of dockhop.filter(one => one.pid === shown?.pid)) process.kill(pid, 'SIGKILL');
		expect(await leftAfter(3000, left)).toEqual([]);
	});

	it('says why there is none: without root, and for a container that does not run', async () => {
		const user = await unprivilegedUser(lab());
		shown = startOn(lab(), [], {program: user.argv});
		await shown.waitFor(/1 Networks[\s\S]*172\.18\.0\.0\/16/);
		await open(shown, 'web', 'lan → web:80, published 8081/tcp');
		shown.press('s');
		await shown.waitFor('only root may enter its network namespace: sudo dockhop');
		shown.stop();
		await lab().docker('run', '--name', 'ended', 'busybox', 'true');
		shown = await explorerOn(lab());
		shown.press('2', '/', 'ended', 'enter', 's');
		await shown.waitFor('ended is not running: it has no network namespace');
	});
});

const allRead = /^(?![\s\S]*reading…)/;

/** The time of a reading may be another afterwards. */
function masked(line: string): string {
	return line.replace(/\d\d:\d\d:\d\d/g, '00:00:00');
}
