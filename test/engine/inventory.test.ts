import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';

describe.each(engines)('scene six on engine %s', engine => {
	const lab = useLab({engine}, sceneSix);

	it('is the engine that was asked for', () => {
		expect(lab().version.startsWith(`${engine}.`)).toBe(true);
	});

	it('answers the LAN where a port is published or on the host, and only there', async () => {
		const {host, host6} = lab().address;
		expect(await status(lab().lan, `http://${host}:8080/`)).toBe('200');
		expect(await status(lab().lan, `http://${host}:8081/`)).toBe('200');
		expect(await status(lab().lan, `http://${host}:9000/`)).toBe('200');
		expect(await status(lab().lan, `http://${host}:8181/`)).toBe('ECONNREFUSED');
		expect(await status(lab().lan, `http://[${host6}]:8080/`)).toBe('200');
	});

	it('answers the host at its published ports, and the image without a shell says who asked', async () => {
		for (const port of [8080, 8081, 8181, 9000]) expect(await status(lab().host, `http://127.0.0.1:${port}/`)).toBe('200');
		expect((await lab().host(['curl', '-sS', 'http://127.0.0.1:8181/'])).stdout).toMatch(/^hello 172\.17\.0\.1:\d+\n$/);
	});

	it('answers a container by name on its own network, through the host by host.docker.internal, and not on another network', async () => {
		const fromApp: Run = (argv, options) => lab().host(['docker', 'exec', 'app', ...argv], options);
		expect(await status(fromApp, 'http://web/')).toBe('200');
		expect(await status(fromApp, 'http://host.docker.internal:8080/')).toBe('200');
		expect(await status(fromApp, 'http://other/')).toBe('name not found');
		const other = await lab().docker('inspect', '-f', '{{.NetworkSettings.Networks.othernet.IPAddress}}', 'other');
		expect(await status(lab().host, `http://${other}/`)).toBe('200');
		expect(await status(fromApp, `http://${other}/`)).toBe('timeout');
	});

	it('leaves lonely alone with lo', async () => {
		const {stdout} = await lab().host(['docker', 'exec', 'lonely', 'ls', '/sys/class/net']);
		expect(stdout.trim()).toBe('lo');
	});
});

type Run = Lab['host'];

/** The HTTP status that curl gets, or why it gets none. */
async function status(run: Run, url: string): Promise<string> {
	const argv = ['curl', '-g', '-sS', '--max-time', '2', '-o', '/dev/null', '-w', '%{http_code}', url];
	const {code, stdout} = await run(argv, {mayFail: true});
	return {0: stdout, 6: 'name not found', 7: 'ECONNREFUSED', 28: 'timeout'}[code ?? -1] ?? `curl exit ${code}`;
}
