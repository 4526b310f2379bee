import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {stop} from './flow-checks.ts';
import {told, trace} from './trace-lab.ts';

describe.each(engines)('what both ends told of a traced request on engine %s', engine => {
	const lab = useLab({engine}, async started => {
		await sceneSix(started);
		await started.docker('run', '-d', '--name', 'echo', 'tiny', '/tiny', 'serve', '--udp', '0.0.0.0:5353');
		await started.docker('run', '-d', '--name', 'full', 'tiny', '/tiny', 'serve', '--noaccept', '0.0.0.0:80');
	});
	const pidOf = (name: string) => lab().docker('inspect', '-f', '{{.State.Pid}}', name);
	const addressOf = (name: string) => lab().docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name);

	it('nobody listens: the SYN came, the kernel sent a reset, the client was refused at once', async () => {
		const document = await trace(lab(), 'www:81');
		expect(document.witnesses, told(document)).toMatchObject({
			target: {arrived: true, answer: 'reset', listener: null},
			client: {errno: 'ECONNREFUSED'},
			neighbours: [],
		});
		expect(document.witnesses.client?.elapsed).toBeLessThan(1000);
	});

	it('nobody is bound: an ICMP error, and from where', async () => {
		const document = await trace(lab(), 'echo:99/udp');
		const from = await addressOf('echo');
		expect(document.witnesses, told(document)).toMatchObject({
			target: {arrived: true, answer: 'icmp', listener: null},
			client: {errno: 'ECONNREFUSED'},
		});
		expect(document.witnesses.icmp).toContainEqual(
			expect.objectContaining({place: 'host', from, says: `${from} udp port 99 unreachable`, direction: 'in'}),
		);
	});

	it('a route that is unreachable: the gateway says so to the caller', async () => {
		await lab().host(['ip', 'route', 'add', 'unreachable', '10.77.0.1']);
		const document = await trace(lab(), '10.77.0.1:80', '--from', 'app');
		await lab().host(['ip', 'route', 'del', 'unreachable', '10.77.0.1']);
		expect(document.verdict, told(document)).toBe('blocked');
		expect(document.witnesses.client?.errno).toBe('EHOSTUNREACH');
		expect(document.witnesses.icmp.map(({place, says}) => `${place}: ${says}`)).toContain('app: host 10.77.0.1 unreachable');
	});

	it('a full accept queue: the SYN came, nothing was sent back, so many wait, and the SYN came again', async () => {
		const fill = `for (let i = 0; i < 4; i++) require('node:net').connect(80, process.argv[1]).on('error', () => {});
			setTimeout(() => console.log('open'), 500); setTimeout(() => process.exit(), 30000)`;
		const filling = lab().start('host', [process.execPath, '-e', fill, await addressOf('full')]);
		await filling.until(async () => (await filling.output()).includes('open'), 20_000);
		const document = await trace(lab(), 'full:80');
		await filling.stop();
		expect(stop(document), told(document)).toBe('port backlog-full');
		expect(document.witnesses).toMatchObject({target: {arrived: true, answer: 'none'}, client: {errno: 'ETIMEDOUT'}});
		const queue = document.witnesses.target?.listener?.queue;
		expect(queue?.waiting).toBeGreaterThan(queue?.limit ?? 99);
		expect(document.repeated.request).toBeGreaterThan(0);
	});

	it('nobody answers for the address: the neighbour entry', async () => {
		const address = await addressOf('www');
		const inside = ['nsenter', '-t', await pidOf('www'), '-n'];
		await lab().host([...inside, 'ip', 'link', 'set', 'eth0', 'down']);
		await lab().host(['ip', 'neigh', 'flush', 'dev', 'docker0']);
		const document = await trace(lab(), `${address}:80`);
		await lab().host([...inside, 'ip', 'link', 'set', 'eth0', 'up']);
		await lab().host([...inside, 'ip', 'route', 'add', 'default', 'via', '172.17.0.1']);
		expect(document.verdict, told(document)).toBe('blocked');
		expect(document.witnesses.neighbours).toMatchObject([
			{place: 'host', interface: 'docker0', address, state: expect.stringMatching(/FAILED|INCOMPLETE/)},
		]);
	});
});
