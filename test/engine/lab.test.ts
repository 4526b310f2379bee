import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {startFirewalld, startUfw} from '../lab/firewalls.ts';
import {namespacesOf} from '../lab/namespaces.ts';
import {labsFolder} from '../lab/remove.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {startSsh} from '../lab/ssh.ts';
import {startSwarm} from '../lab/swarm.ts';
import {unprivilegedUser} from '../lab/unprivileged.ts';
import {useLab} from '../lab/use-lab.ts';

const engine = engines.at(-1) as (typeof engines)[number];

describe(`what a lab on engine ${engine} can have besides`, () => {
	const lab = useLab({engine});

	it('has a user without capabilities who may use the socket', async () => {
		const user = await unprivilegedUser(lab());
		expect((await user.run(['id', '-u'])).stdout.trim()).not.toBe('0');
		expect((await user.run(['docker', 'version', '--format', '{{.Server.Version}}'])).stdout.trim()).toBe(lab().version);
		expect((await user.run(['nft', 'list', 'ruleset'], {mayFail: true})).code).not.toBe(0);
	});

	it('lets the LAN client log in to the host over ssh', async () => {
		const ssh = await startSsh(lab());
		const {stdout} = await ssh.run('docker version --format "{{.Server.Version}}"; ip -4 -o addr show dev eth0');
		expect(stdout).toContain(lab().version);
		expect(stdout).toContain(lab().address.host);
		await ssh.stop();
	});

	it('runs ufw and firewalld in its host alone', async () => {
		const ufw = await startUfw(lab());
		expect(await ufw.command('status')).toContain('Status: active');
		expect((await lab().host(['iptables-save'])).stdout).toContain('ufw-user-input');
		await ufw.stop();
		const firewalld = await startFirewalld(lab());
		expect((await lab().host(['nft', 'list', 'tables'])).stdout).toContain('table inet firewalld');
		expect(await firewalld.command('--get-default-zone')).toBe('public\n');
		await firewalld.stop();
	});
});

describe('two hosts of one Swarm', () => {
	const first = useLab({engine});
	const second = useLab({engine});

	it('let a container ask one on the other host by its name', async () => {
		await startSwarm(first(), second());
		await first().docker('network', 'create', '--driver', 'overlay', '--attachable', 'across');
		await first().docker('run', '-d', '--name', 'far', '--network', 'across', 'tiny', '/tiny', 'serve', '0.0.0.0:80');
		const answer = await second().docker('run', '--rm', '--network', 'across', 'curl', 'curl', '-sS', '--max-time', '5', 'http://far/');
		expect(answer).toMatch(/^hello 10\.0\.1\.\d+:\d+$/);
	});
});

describe('Podman', () => {
	const lab = useLab({engine: 'podman'}, sceneSix);

	it('answers the LAN at a published port, and a container by its name', async () => {
		expect((await lab().lan(['curl', '-sS', '--max-time', '2', `http://${lab().address.host}:8080/`])).stdout).toBe('hello\n');
		expect(await lab().docker('exec', 'app', 'curl', '-sS', '--max-time', '2', 'http://web/')).toBe('hello');
	});
});

it('leaves nothing behind when its runner is killed', async () => {
	const name = `killed-${process.pid}`;
	const module = JSON.stringify(join(import.meta.dirname, '../lab/lab.ts'));
	const code = `import {startLab} from ${module}; const lab = await startLab({engine: '${engine}', name: '${name}'}); console.log(lab.folder); setInterval(() => {}, 1000);`;
	const runner: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', code], {stdio: ['ignore', 'pipe', 'inherit']});
	await once(runner.stdout as NodeJS.ReadableStream, 'data');
	const left = () =>
		[join(labsFolder, name), join(labsFolder, `${name}.owner`), ...Object.values(namespacesOf(name))].filter(path => existsSync(path));
	expect(left()).toHaveLength(4);
	runner.kill('SIGKILL');
	const until = Date.now() + 30_000;
	while (left().length > 0 && Date.now() < until) await sleep(100);
	expect(left()).toEqual([]);
});
