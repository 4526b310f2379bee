import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {unprivilegedUser} from '../lab/unprivileged.ts';
import {useLab} from '../lab/use-lab.ts';

describe.each(engines)('docker %s', engine => {
	const lab = useLab({engine, name: `dhp-${engine.replace('.', '')}`}, async running => {
		await sceneSix(running);
		const silent = ['tiny', '/tiny', 'serve', '127.0.0.1:80'];
		await running.docker('run', '-d', '--name', 'shut', '-p', '8082:80', ...silent);
	});
	const ask = async (...args: string[]) =>
		(await lab().dockhopJson('probe', '--timeout', '3', ...args)) as {verdict: string; probe: object};

	it.each([
		['through the published port', ['www'], 'curl --fail http://127.0.0.1:8080/'],
		['by a name, from a container with curl', ['web', '--from', 'app'], 'docker exec app curl --fail http://web/'],
		[
			'from a container with neither shell nor curl',
			['http://172.17.0.2/', '--from', 'tiny'],
			expect.stringMatching(/^nsenter -t \d+ -n curl --fail http/),
		],
		['through host.docker.internal', [':8080', '--from', 'app'], 'docker exec app curl --fail http://host.docker.internal:8080/'],
		['of a container on the host network', ['hosty:9000'], 'curl --fail http://127.0.0.1:9000/'],
	])('%s', async (_what, args, command) => {
		const {verdict, probe} = await ask(...args);
		expect(verdict).toBe('delivered');
		expect(probe).toMatchObject({reached: true, agreement: true, httpStatus: 200, exitCode: 0, errno: null, error: null, command});
	});

	it('as a user without rights: by the container own curl, and judged at the target all the same', async () => {
		const user = await unprivilegedUser(lab());
		const probe = async (...args: string[]) => JSON.parse((await user.dockhop('probe', '--json', '--timeout', '2', ...args)).stdout).probe;
		expect(await probe('www')).toMatchObject({reached: true, httpStatus: 200});
		expect(await probe('web', '--from', 'app')).toMatchObject({reached: true, httpStatus: 200, localPort: expect.any(Number)});
		expect(await probe('web:81', '--from', 'app')).toMatchObject({reached: false, errno: 'ECONNREFUSED', exitCode: 7});
		await lab().docker('pause', 'web');
		const paused = await probe('web', '--from', 'app').finally(() => lab().docker('unpause', 'web'));
		expect(paused).toMatchObject({reached: false, exitCode: 28});
		expect(await probe('http://172.17.0.2/', '--from', 'tiny')).toMatchObject({
			reached: null,
			exitCode: null,
			error: expect.stringContaining('neither curl nor wget'),
		});
	});

	it('by a name that is not on that network', async () => {
		expect((await ask('http://other/', '--from', 'app')).probe).toMatchObject({reached: false, agreement: true, exitCode: 6, errno: null});
	});

	it('to a process that listens on its own loopback only', async () => {
		const {verdict, probe} = await ask('shut');
		expect(verdict).toBe('blocked');
		expect(probe).toMatchObject({reached: false, agreement: true, exitCode: expect.toBeOneOf([7, 52, 56])});
	});

	it('to a paused container', async () => {
		await lab().docker('pause', 'www');
		const {verdict, probe} = await ask('www').finally(() => lab().docker('unpause', 'www'));
		expect(verdict).toBe('blocked');
		expect(probe).toMatchObject({reached: false, agreement: true, exitCode: 28, errno: null});
	});

	it('behind a docker-proxy that dials in vain', async () => {
		const rule = ['OUTPUT', '-d', '172.17.0.0/16', '-p', 'tcp', '--dport', '80', '-j', 'DROP'];
		await lab().host(['iptables', '-I', ...rule]);
		const {probe} = await ask('www').finally(() => lab().host(['iptables', '-D', ...rule]));
		expect(probe).toMatchObject({reached: false, agreement: true, exitCode: 28});
	});

	it('to another bridge, which Docker isolates', async () => {
		const address = await ipOf(lab(), 'other');
		expect((await ask(`http://${address}/`, '--from', 'app')).probe).toMatchObject({reached: false, agreement: true, errno: 'ETIMEDOUT'});
	});
});

function ipOf(lab: Lab, name: string): Promise<string> {
	return lab.docker('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name);
}
