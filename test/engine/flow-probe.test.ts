import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';

/** What is asked, from where, what the flow says, and what a real request shows. */
const requests: [target: string, from: string, verdict: string, exitCode: number][] = [
	['www', 'host', 'delivered', 0],
	['www', 'host:10.99.0.1', 'delivered', 0],
	[':8081', 'host', 'delivered', 0],
	['[::1]:8080', 'host', 'delivered', 0],
	['tiny', 'host', 'delivered', 0],
	['hosty:9000', 'host', 'delivered', 0],
	['other:80', 'host', 'delivered', 0],
	['web:80', 'app', 'delivered', 0],
	['http://web/', 'app', 'delivered', 0],
	['http://host.docker.internal:8080/', 'app', 'delivered', 0],
	[':9000', 'app', 'delivered', 0],
	['other:80', 'app', 'blocked', 1],
	['http://host.docker.internal:8080/', 'web', 'blocked', 1],
	['www:81', 'host', 'blocked', 1],
	[':9', 'host', 'blocked', 1],
	['lonely:80', 'host', 'blocked', 1],
];

describe.each(engines)('flow and probe on engine %s', engine => {
	const lab = useLab({engine}, sceneSix);

	it.each(requests)('%s from %s: %s, and a real request agrees', async (target, from, verdict, exitCode) => {
		const flow = await lab().dockhop('flow', target, '--from', from, '--json');
		expect(JSON.parse(flow.stdout)).toMatchObject({schema: 'dockhop.flow/1', verdict});
		expect(flow.code).toBe(exitCode);
		const probe = await lab().dockhop('probe', target, '--from', from, '--json', '--timeout', '2');
		expect(JSON.parse(probe.stdout)).toMatchObject({verdict, probe: {reached: exitCode === 0, agreement: true}});
		expect(probe.stderr).toMatch(/^sending, at most 2 s: \S[^\n]*\n$/);
		expect(probe.code).toBe(exitCode);
	});

	it('from the LAN: explained, and not sent', async () => {
		expect(await lab().dockhop('flow', 'www', '--from', 'lan')).toMatchObject({code: 0});
		expect(await lab().dockhop('flow', 'tiny', '--from', 'lan')).toMatchObject({code: 1});
		const {stdout, stderr, code} = await lab().dockhop('probe', 'www', '--from', 'lan');
		expect({stdout, code}).toEqual({stdout: '', code: 2});
		expect(stderr).toContain('dockhop flow www --from lan');
	});
});
