import {setTimeout as sleep} from 'node:timers/promises';
import {beforeAll, describe, expect, it} from 'vitest';
import {connect} from '../../source/engine/connect.ts';
import {startHelper} from '../../source/engine/helper.ts';
import {engines} from '../lab/engines.ts';
import {helperImage} from '../lab/helper-image.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {type UnprivilegedUser, unprivilegedUser} from '../lab/unprivileged.ts';
import {useLab} from '../lab/use-lab.ts';
import type {FlowDocument} from './flow-checks.ts';
import {startOn} from './lab-explorer.ts';
import {programsOfTrace, tablesOfTrace} from './left-behind.ts';
import type {TraceDocument} from './trace-lab.ts';

describe.each(engines)('without root, through a helper container, on engine %s', engine => {
	const lab = useLab({engine}, sceneSix);
	let user: UnprivilegedUser;
	let image: string;
	beforeAll(async () => {
		user = await unprivilegedUser(lab());
		image = await helperImage(lab());
	});
	const withHelper = (...args: string[]) => user.dockhop(...args, '--helper', image);

	it.each([
		[['www:80', '--from', 'lan', '--rules']],
		[['www:80', '--reply', '--rules']],
		[['hosty:9000']],
		[['web:80', '--from', 'app', '--rules']],
		[['www:80', '--from', 'app']],
		[['http://host.docker.internal:8080/', '--from', 'app']],
		[['http://127.0.0.1/', '--from', 'tiny']],
		[['http://web/', '--from', 'tiny']],
		[['http://203.0.113.9/', '--from', 'app']],
	])('flow %j is what root sees', async args => {
		const [mine, roots] = [await withHelper('flow', ...args, '--json'), await lab().dockhop('flow', ...args, '--json')];
		expect([mine.code, comparable(mine.stdout)]).toEqual([roots.code, comparable(roots.stdout)]);
		expect(mine.stderr).toBe(`starting a privileged helper container of ${image}; it ends with dockhop\n`);
		expect(await helpers(lab())).toEqual([]);
	});

	it('doctor and the lists are what root sees; it is in none of them itself', async () => {
		for (const args of [['doctor'], ['networks'], ['containers'], ['bridges']]) {
			const [mine, roots] = [await withHelper(...args, '--json'), await lab().dockhop(...args, '--json')];
			expect([mine.code, JSON.parse(mine.stdout)], args.join()).toEqual([roots.code, JSON.parse(roots.stdout)]);
		}
	});

	it.each([
		['delivered', null, ['www:80']],
		['delivered', null, ['10.99.0.1:8080']],
		['delivered', null, ['web:80', '--from', 'app']],
		['delivered', null, ['http://host.docker.internal:8080/', '--from', 'app']],
		['blocked', 'dns', ['www:80', '--from', 'app']],
		['blocked', 'port', ['http://web:81/', '--from', 'app']],
	])('trace: %s %s: every hop seen as root sees it, of %j', async (verdict, stops, args) => {
		const [mine, roots] = [await withHelper('trace', ...args, '--json'), await lab().dockhop('trace', ...args, '--json')];
		const [seen, known] = [mine, roots].map(({stdout}) => JSON.parse(stdout) as TraceDocument) as [TraceDocument, TraceDocument];
		expect(seen, mine.stdout).toMatchObject({verdict, notSeen: [], agreement: true, differs: []});
		expect(seen.hops[seen.blockedAt ?? -1]?.kind ?? null).toBe(stops);
		expect(seen.hops.map(({kind, observed}) => [kind, observed.seen])).toEqual(known.hops.map(({kind, observed}) => [kind, observed.seen]));
		expect(seen.hops.map(({observed}) => observed.rules.map(({chain, rule}) => [chain, rule]))).toEqual(
			known.hops.map(({observed}) => observed.rules.map(({chain, rule}) => [chain, rule])),
		);
		expect(await left(lab())).toEqual([]);
	});

	it.each(['SIGINT', 'SIGHUP', 'SIGTERM', 'SIGKILL'] as const)(
		'%s in the middle of a trace: five seconds later nothing is left',
		async signal => {
			const tracing = lab().start('host', [...user.argv, 'trace', 'www:80', '--from', 'lan', '--timeout', '60', '--helper', image]);
			await tracing.until(async () => (await tracing.output()).includes('on the client run:'), 60_000);
			const during = await left(lab());
			process.kill(tracing.pid, signal);
			// The positive control: while it ran, all of it was there.
			const counted = ['container', 'table', 'program'].map(kind => during.filter(line => line.startsWith(kind)).length);
			expect(counted, during.join('\n')).toEqual([1, 4, 8]);
			await expect.poll(() => left(lab()), {timeout: 5000, interval: 200}).toEqual([]);
		},
	);

	it('kill -9 at any moment of the start: nothing is left', async () => {
		for (let moment = 0; moment < 12; moment++) {
			const starting = lab().start('host', [...user.argv, 'trace', 'www:80', '--from', 'lan', '--timeout', '60', '--helper', image]);
			await sleep(100 + moment * 60);
			process.kill(starting.pid, 'SIGKILL');
		}
		await sleep(1000);
		await expect.poll(() => left(lab()), {timeout: 5000, interval: 200}).toEqual([]);
	});

	it('its time is up: it ends by itself', async () => {
		const address = {url: '', chosenBy: '', transport: {kind: 'unix' as const, path: lab().socket}, tried: []};
		const client = connect(address);
		const helper = await startHelper(client, image, 2, () => {});
		expect(await helpers(lab())).toHaveLength(1);
		await expect.poll(() => helper.alive, {timeout: 8000}).toBe(false);
		await expect.poll(() => helpers(lab()), {timeout: 5000}).toEqual([]);
		await helper.stop();
		client.close();
	});

	it('what a crash of the engine has left is removed at the next start, and what others use is not', async () => {
		const pids = (await lab().host(['readlink', '/proc/self/ns/pid'])).stdout.trim();
		const make = (name: string, owner: string) =>
			lab().docker('run', '-d', '--name', name, '--label', `dockhop.helper=${owner}`, 'busybox', 'sleep', '600');
		await make('leftover', `4194304 1 ${pids}`);
		await make('elsewhere', '4194304 1 pid:[1]');
		const {stderr} = await withHelper('containers');
		expect(stderr).toContain('removed 1 helper container of sessions that had ended');
		expect(await helpers(lab())).toEqual(['elsewhere']);
		await lab().docker('rm', '-f', 'elsewhere');
	});

	it('an image that lacks a program leaves a gap that names it', async () => {
		const poor = await helperImage(lab(), 'poor', ['nft', 'tcpdump', 'conntrack']);
		const info = await user.dockhop('info', '--helper', poor);
		expect(info.stdout).toMatch(/^ \? nftables ruleset +yes +nft is not in the helper's image +--helper with an image that has nftables$/m);
		expect(info.stdout).toMatch(/^ ✓ iptables rules /m);
		const traced = await user.dockhop('trace', 'www:80', '--json', '--helper', poor);
		const {notSeen, hops}: TraceDocument = JSON.parse(traced.stdout);
		expect(notSeen.join('\n')).toMatch(/tcpdump is not in the helper's image/);
		expect(hops.filter(({kind}) => kind === 'veth' || kind === 'netfilter').map(({observed}) => observed.seen)).not.toContain(false);
	});

	it.each([
		['nosuch', 'the engine has no such image; docker pull nosuch'],
		['a?b/../c', 'that is no name of an image; docker image ls'],
		['tiny', 'the image has no sh, by which its programs are started; name an image that has sh, nft, ip, ss and nsenter'],
	])('--helper %s: one line, and exit code 2', async (name, words) => {
		const {code, stdout, stderr} = await user.dockhop('flow', 'www', '--helper', name);
		expect([code, stdout, stderr.split('\n').at(-2)]).toEqual([2, '', `dockhop: --helper ${name}: ${words}`]);
		expect(await helpers(lab())).toEqual([]);
	});

	it('the explorer says how it sees, and leaves nothing when it ends or its terminal goes', async () => {
		for (const end of ['q', 'hang up'] as const) {
			const shown = startOn(lab(), ['--helper', image], {program: user.argv});
			await shown.waitFor(/through a helper \(toolbox\): reads [\s\S]*172\.18\.0\.0\/16/);
			expect(await helpers(lab())).toHaveLength(1);
			if (end === 'q') shown.press('q');
			else shown.hangUp();
			await expect.poll(() => left(lab()), {timeout: 5000, interval: 200}).toEqual([]);
			shown.stop();
		}
	});

	it('the explorer ends with one line where there is no such image', async () => {
		const shown = startOn(lab(), ['--helper', 'nosuch'], {program: user.argv});
		expect(await shown.ended()).toBe(2);
		expect(shown.screen().join('\n')).toContain('dockhop: --helper nosuch: the engine has no such image');
	});
});

/** Everything that root and the helper must say alike: not by whom a container's file was read, nor counters, which count on. */
function comparable(text: string): FlowDocument {
	const document = text.replace(/the engine's copy of (\S+)"/g, '$1"').replace(/\/proc\/\d+\/root(\/etc\/\w+)/g, '$1');
	return JSON.parse(document, (key, value) => {
		if (key === 'packets' || key === 'bytes') return null;
		if (typeof value !== 'string') return value;
		return value.replace(/^docker cp .*:(\S+) - \| tar -xO$/, 'cat $1').replace(/\d+ packets?(, \d+ bytes)? so far/, 'so far');
	});
}

async function helpers(lab: Lab): Promise<string[]> {
	const names = await lab.docker('ps', '-a', '--filter', 'label=dockhop.helper', '--format', '{{.Names}}');
	return names.split('\n').filter(Boolean);
}

/** Helper containers, tables and programs that are there now: on the host and in www's namespace. */
async function left(lab: Lab): Promise<string[]> {
	return [
		...(await helpers(lab)).map(name => `container ${name}`),
		...(await tablesOfTrace(lab, 'www')),
		...(await programsOfTrace(lab, 'www')).map(line => `program ${line}`),
	];
}
