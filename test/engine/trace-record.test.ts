import {readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';

describe.each(engines)('a recording with a trace, of engine %s', engine => {
	const lab = useLab({engine}, sceneSix);

	it('tells anywhere what was seen here, without the bytes that were sent', async () => {
		const file = join(lab().folder, 'healthy.json');
		const made = await lab().dockhop('record', file, '--trace', 'http://web/?canary=1', '--from', 'app');
		expect(made).toMatchObject({code: 0, stdout: expect.stringContaining('and a trace')});
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		const text = await readFile(file, 'utf8');
		// "User-Agent" and the query, as tcpdump shows them and as they are.
		for (const secret of ['557365722d4167656e74', '63616e617279', 'canary']) expect(text).not.toContain(secret);
		const seen = JSON.parse((await lab().dockhop('trace', 'http://web/', '--from', 'app', '--replay', file, '--json')).stdout);
		expect(seen).toMatchObject({verdict: 'delivered', agreement: true, differs: [], explained: {verdict: 'delivered'}, notSeen: []});
		expect(seen.hops.map((hop: {observed: {seen: boolean}}) => hop.observed.seen)).toEqual(seen.hops.map(() => true));
		expect(seen.latency.stages.map(({id}: {id: string}) => id)).toEqual(expect.arrayContaining(['dns', 'connect', 'application']));
		const shown = await lab().dockhop('trace', 'http://web/', '--from', 'app', '--replay', file, '--format', 'markdown');
		expect(shown.stdout).toMatch(/^## trace of app → http:\/\/web\/ on .*, recorded 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/);
		expect(shown.stdout).toMatch(/dockhop \d+\.\d+\.\d+, docker \d+\.\d+\S*, kernel \d+/);
		expect(await lab().dockhop('trace', 'www', '--replay', file)).toMatchObject({
			code: 2,
			stdout: '',
			stderr: expect.stringContaining('it holds app → web:80'),
		});
	});

	it('holds one that died, too: through docker-proxy, found again by bytes that nobody can read', async () => {
		const file = join(lab().folder, 'broken.json');
		const pid = await lab().docker('inspect', '-f', '{{.State.Pid}}', 'www');
		const rule = (verb: string) =>
			lab().host(['nsenter', '-t', pid, '-n', 'iptables', verb, ...'INPUT -p tcp --dport 80 -j DROP'.split(' ')]);
		await rule('-A');
		try {
			expect(await lab().dockhop('record', file, '--trace', ':8080', '--timeout', '1.5')).toMatchObject({code: 0});
		} finally {
			await rule('-D');
		}
		const ran = await lab().dockhop('trace', ':8080', '--replay', file, '--json');
		const seen = JSON.parse(ran.stdout);
		expect(ran.code).toBe(1);
		expect(seen).toMatchObject({verdict: 'blocked', lost: 'request'});
		expect(seen.hops[seen.blockedAt]).toMatchObject({kind: 'netfilter', of: 'www', verdict: 'blocks'});
	});

	it('what cannot be recorded is said in one line', async () => {
		const file = join(lab().folder, 'none.json');
		expect(await lab().dockhop('record', file, '--from', 'lan')).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('--trace TARGET'),
		});
		expect(await lab().dockhop('record', file, '--trace', 'nobody')).toMatchObject({code: 2, stderr: expect.stringContaining("'nobody'")});
		expect(await lab().dockhop('record', file, '--trace', 'www', '--demo')).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('a recording cannot'),
		});
		await expect(stat(file)).rejects.toThrow('ENOENT');
	});
});
