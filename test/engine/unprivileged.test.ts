import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {type UnprivilegedUser, unprivilegedUser} from '../lab/unprivileged.ts';
import {useLab} from '../lab/use-lab.ts';
import type {Program} from '../terminal/program.ts';
import type {FlowDocument} from './flow-checks.ts';
import {goTo, pane, startOn} from './lab-explorer.ts';

const engine = engines.at(-1) as (typeof engines)[number];

describe(`without root, on engine ${engine}`, () => {
	const lab = useLab({engine}, sceneSix);
	let shown: Program | undefined;
	afterEach(() => shown?.stop());

	describe('a user who may use the socket', () => {
		let user: UnprivilegedUser;
		beforeAll(async () => {
			user = await unprivilegedUser(lab());
		});

		it('lists what root lists', async () => {
			for (const list of ['networks', 'containers', 'bridges']) {
				const {stdout, code} = await user.dockhop(list, '--json');
				expect(code, list).toBe(0);
				const mine = JSON.parse(stdout);
				const roots = await lab().dockhopJson(list);
				if (list === 'containers') expect(mine.containers.map(named)).toEqual((roots as typeof mine).containers.map(named));
				if (list === 'networks') expect(mine).toEqual(roots);
			}
		});

		it.each([
			[['www:80', '--from', 'lan']],
			[['www:80']],
			[['hosty:9000']],
			[['web:80', '--from', 'app']],
			[['http://host.docker.internal:8080/', '--from', 'app']],
			[['http://127.0.0.1/', '--from', 'tiny']],
			[['http://203.0.113.9/', '--from', 'app']],
		])('flow %j: undetermined, and every such hop says why and what would tell', async args => {
			const {stdout, code} = await user.dockhop('flow', ...args, '--json');
			const {verdict, hops}: FlowDocument = JSON.parse(stdout);
			expect([verdict, code]).toEqual(['undetermined', 3]);
			const open = hops.filter(hop => hop.verdict === 'undetermined');
			expect(open.map(({unknown, says}) => unknown !== null && unknown.tell !== '' && says !== '')).toEqual(open.map(() => true));
			// Rules are for root alone: no hop that is decided by them is ever green.
			expect(hops.filter(hop => hop.kind === 'netfilter' && hop.verdict === 'passes')).toEqual([]);
			expect(hops.filter(hop => hop.kind === 'process').map(hop => hop.verdict)).not.toContain('passes');
		});

		it('probe sends what it can: from the host, and with the container’s own curl', async () => {
			for (const args of [['www:80'], ['web:80', '--from', 'app']]) {
				const {stdout, code} = await user.dockhop('probe', ...args, '--json');
				expect([args, JSON.parse(stdout).probe, code]).toMatchObject([args, {reached: true, httpStatus: 200}, 0]);
			}
			const refused = await user.dockhop('probe', 'http://web:81/', '--from', 'app', '--json');
			expect([JSON.parse(refused.stdout).probe, refused.code]).toMatchObject([{reached: false, errno: 'ECONNREFUSED'}, 1]);
		});

		it('probe says what would make it possible where there is no curl inside', async () => {
			const {stdout, code} = await user.dockhop('probe', 'web:80', '--from', 'tiny', '--json');
			const {probe} = JSON.parse(stdout);
			expect([probe.reached, code]).toEqual([null, 3]);
			expect(probe.error).toMatch(/neither curl nor wget.*only root/);
		});

		it('info says what is missing and what would read it', async () => {
			const {stdout, code} = await user.dockhop('info');
			expect(code).toBe(0);
			expect(stdout).toMatch(/^vantage: without root: /m);
			expect(stdout).toMatch(/^ \? iptables rules +yes +.*root only +sudo dockhop$/m);
			expect(stdout).toMatch(/^ ✓ links +yes +ip /m);
		});

		it('the explorer starts, lists, explains what it can, and probes', async () => {
			shown = startOn(lab(), [], {program: user.argv});
			await shown.waitFor(/Engine \d.* without root: [\s\S]*172\.18\.0\.0\/16/);
			shown.press('2');
			await shown.waitFor(/┏━ 2 Containers ━+ 7 ━┓[\s\S]*┗/);
			expect(pane(shown, '2 Containers')).toHaveLength(8);
			await goTo(shown, 'www:80 from lan', 'lan → www:80, published 8080/tcp');
			await shown.waitFor(/\? undetermined at hop \d/);
			await shown.waitFor(/(?:root only[\s\S]*){3}/);
			const rows = pane(shown, '3 Request flow').filter(row => row.includes('root only'));
			expect(rows.length).toBeGreaterThan(2);
			for (const row of rows) expect(row).toMatch(/^▸?\? /);
			await shown.waitFor('sudo dockhop');
			await shown.waitFor('p sends: ');
			shown.press('p');
			await shown.waitFor(/✓ \d\d:\d\d:\d\d .* HTTP 200/);
			shown.press('q');
			expect(await shown.ended()).toBe(0);
		});
	});

	describe('a user who may not even use the socket', () => {
		let user: UnprivilegedUser;
		beforeAll(async () => {
			user = await unprivilegedUser(lab(), {mayUseSocket: false});
		});

		it.each(['networks', 'containers', 'bridges'])('%s: one line and exit 4', async command => {
			const {stdout, stderr, code} = await user.dockhop(command);
			expect([stdout, code]).toEqual(['', 4]);
			expect(stderr).toMatch(/^dockhop: no engine answers at unix:.*permission denied; you are uid 64003 .*sudo dockhop.*\n$/);
		});

		it('info says the rest all the same: what can be read, and why the engine cannot', async () => {
			const {stdout, stderr, code} = await user.dockhop('info', '--json');
			const {engine, whyNoEngine, vantage, readers, programs} = JSON.parse(stdout);
			expect([engine, code, vantage.kind]).toEqual([null, 4, 'user']);
			expect(whyNoEngine.why).toMatch(/permission denied/);
			expect(whyNoEngine.advice.join(' ')).toMatch(/You are uid 64003 and not in the group .*sudo dockhop/);
			const reader = (name: string) => readers.find((one: {name: string}) => one.name === name);
			expect(reader('engine')).toMatchObject({read: false, why: expect.stringContaining('permission denied')});
			expect(reader('links')).toMatchObject({read: true, source: 'ip -j -d link'});
			expect(reader('nftables ruleset')).toMatchObject({read: false, why: expect.stringContaining('root only')});
			expect(programs.map(({name}: {name: string}) => name)).toContain('curl');
			expect(stderr).toMatch(/^dockhop: no engine answers at unix:.*permission denied.*\n$/);
		});

		it('the explorer says so, tries again on r, and q ends with 4', async () => {
			shown = startOn(lab(), [], {columns: 80, rows: 24, program: user.argv});
			await shown.waitFor(/No Docker Engine answers[\s\S]*▸ Try again \(r\)/);
			const text = shown.screen().join('\n');
			expect(text).toMatch(/tried {3}DOCKER_HOST[\s\S]*permission denied/);
			expect(text).toMatch(/You are uid 64003 and not in the group that owns the socket \(64002\)\./);
			expect(text).toMatch(/Either {3}sudo dockhop/);
			shown.press('r');
			await shown.waitFor(/No Docker Engine answers/);
			shown.press('q');
			expect(await shown.ended()).toBe(4);
			expect(shown.alternate()).toBe(false);
		});

		it('the demo recording is one key away', async () => {
			shown = startOn(lab(), [], {columns: 80, rows: 24, program: user.argv});
			await shown.waitFor('▸ Try again (r)');
			shown.press('2');
			await shown.waitFor(/DEMO of 20\d\d/);
			shown.press('q');
			expect(await shown.ended()).toBe(0);
		});
	});
});

function named({name, state, ports}: {name: string; state: string; ports: unknown}): object {
	return {name, state, ports};
}
