import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it, vi} from 'vitest';
import {engines} from '../lab/engines.ts';
import {type Lab, program} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {unprivilegedUser} from '../lab/unprivileged.ts';
import {useLab} from '../lab/use-lab.ts';
import {stop} from './flow-checks.ts';
import {programsOfTrace, tablesOfTrace} from './left-behind.ts';
import {curl, type TraceDocument, told, trace, traceLan} from './trace-lab.ts';

describe.each(engines)('manners of a trace on engine %s', engine => {
	const lab = useLab({engine}, async started => {
		await sceneSix(started);
		await started.docker('run', '-d', '--name', 'echo', '-p', '5300:5353/udp', 'tiny', '/tiny', 'serve', '--udp', '0.0.0.0:5353');
	});

	it.each([
		['', 'delivered', 'delivered', null],
		['nothing listens', 'blocked', 'port nothing-listens', 'request'],
		['the answer is dropped', 'blocked', 'process null', 'answer'],
	])('UDP: %s', async (fault, verdict, stops, lost) => {
		const inside = ['nsenter', '-t', await lab().docker('inspect', '-f', '{{.State.Pid}}', 'echo'), '-n'];
		const answers = ['OUTPUT', '-p', 'udp', '--sport', '5353', '-j', 'DROP'];
		if (lost === 'answer') await lab().host([...inside, 'iptables', '-I', ...answers]);
		const document = await trace(lab(), fault === 'nothing listens' ? 'echo:99/udp' : '10.99.0.1:5300/udp');
		if (lost === 'answer') await lab().host([...inside, 'iptables', '-D', ...answers]);
		expect(document, told(document)).toMatchObject({verdict, lost, agreement: true, differs: []});
		expect(stop(document)).toBe(stops);
	});

	it('leaves nothing behind: after success, failure, Ctrl-C, SIGTERM, SIGHUP, kill -9', async () => {
		const home = lab().folder;
		expect((await lab().host([process.execPath, program, 'trace', 'www:80'], {env: {HOME: home}})).code).toBe(0);
		expect(await left(lab())).toEqual([]);
		// nft -i would write a history of its commands.
		expect((await readdir(home)).filter(name => name.startsWith('.'))).toEqual([]);
		expect((await lab().dockhop('trace', 'www:81')).code).toBe(1);
		expect(await left(lab())).toEqual([]);
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
			const tracing = lab().start('host', [process.execPath, program, 'trace', 'www:80', '--from', 'lan', '--timeout', '30']);
			await tracing.until(async () => (await tracing.output()).includes('on the client run:'), 20_000);
			// The positive control: while it runs there are two tables on the host, and programs in both namespaces.
			const during = await left(lab());
			expect(during.filter(line => line.startsWith('table'))).toHaveLength(4);
			expect(during.filter(line => /nft|tcpdump|conntrack/.test(line) && !line.startsWith('table'))).toHaveLength(8);
			process.kill(tracing.pid, signal);
			while (tracing.ended === null) await sleep(20);
			await vi.waitFor(async () => expect(await left(lab()), signal).toEqual([]), {timeout: 5000, interval: 100});
		}
	});

	it('leaves nothing behind at whatever moment it is ended', async () => {
		const moments: string[] = [];
		for (let round = 0; round < 12; round++) {
			const signal = (['SIGKILL', 'SIGHUP', 'SIGTERM'] as const)[round % 3] ?? 'SIGKILL';
			// From its first steps to the end of the request.
			const ms = Math.round(Math.random() * 1500);
			moments.push(`${signal} after ${ms} ms`);
			const tracing = lab().start('host', [process.execPath, program, 'trace', round % 2 ? 'www:80' : ':8080']);
			await sleep(ms);
			if (tracing.ended === null) process.kill(tracing.pid, signal);
			while (tracing.ended === null) await sleep(20);
			await vi.waitFor(async () => expect(await left(lab()), moments.join(', ')).toEqual([]), {timeout: 5000, interval: 100});
		}
		console.log(`ended by ${moments.join(', ')}: nothing left`);
	});

	it('--watch misses none: requests side by side and close behind each other, a document each, until none comes', async () => {
		const watching = ['trace', 'www:80', '--from', 'lan', '--watch', '--json', '--timeout', '4'];
		const tracing = lab().start('host', [process.execPath, program, ...watching]);
		await tracing.until(async () => (await tracing.output()).includes('on the client run:'), 20_000);
		// Twenty at once, then twenty more as soon as those are answered; nobody waits for the trace.
		for (let turn = 0; turn < 2; turn++) {
			const lines = Array.from({length: 20}, (_, id) => `${id} tcp 10.99.0.1 8080\n`).join('');
			const ran = await lab().lan([process.execPath, join(import.meta.dirname, 'asker.js')], {stdin: lines, timeoutMs: 20_000});
			expect(ran.stdout.match(/ yes$/gm)).toHaveLength(20);
		}
		while (tracing.ended === null) await sleep(20);
		const documents = (await tracing.output())
			.split('\n')
			.filter(line => line.startsWith('{'))
			.map(line => JSON.parse(line) as TraceDocument);
		for (const document of documents) expect(document, told(document)).toMatchObject({verdict: 'delivered', agreement: true});
		const clients = documents.map(({hops}) => hops.find(({kind}) => kind === 'nic')?.observed.packets[0]?.sport);
		expect(new Set(clients).size).toBe(40);
		expect(documents).toHaveLength(40);
		expect(await left(lab())).toEqual([]);
	});

	it('--watch sees a rule that comes meanwhile: explained anew', async () => {
		const tracing = lab().start('host', [process.execPath, program, 'trace', 'www:80', '--from', 'lan', '--watch', '--timeout', '6']);
		await tracing.until(async () => (await tracing.output()).includes('on the client run:'), 20_000);
		await lab().lan(curl('http://10.99.0.1:8080/'));
		const rule = ['DOCKER-USER', '-i', 'eth0', '-p', 'tcp', '-j', 'REJECT', '--reject-with', 'tcp-reset'];
		await lab().host(['iptables', '-I', ...rule]);
		// The host is not read again more often than every two seconds.
		await sleep(2500);
		expect((await lab().lan(curl('http://10.99.0.1:8080/'), {mayFail: true})).code).toBe(7);
		// Until it is told, the host has to be as it was for the request.
		await tracing.until(async () => (await tracing.output()).includes('blocked at'), 20_000);
		await lab().host(['iptables', '-D', ...rule]);
		while (tracing.ended === null) await sleep(20);
		const lines = (await tracing.output()).split('\n').filter(line => line.startsWith('10.99.0.2:'));
		expect(lines).toHaveLength(2);
		expect(lines[0]).toContain('delivered');
		expect(lines[1]).toMatch(/blocked at hop \d+: .*DOCKER-USER/);
		expect(lines.join()).not.toContain('not as explained');
	});

	it.each([
		['through docker-proxy', '127.0.0.1:8080', 'host'],
		['by DNAT', '10.99.0.1:8080', 'host'],
		['by DNAT, the others from the LAN', '10.99.0.1:8080', 'lan'],
	] as const)('among a thousand other requests in a second to the same port it follows its own: %s', async (_, target, where) => {
		const others = lab().start(where, [join(lab().folder, 'images/tiny.bin'), 'load', target, '1000', '60']);
		const answered = async () => Number((await others.output()).trim().split('\n').at(-1)?.split(' ')[1] ?? 0);
		await others.until(async () => (await answered()) > 500, 30_000);
		const [began, before] = [performance.now(), await answered()];
		const document = await trace(lab(), target);
		const rate = ((await answered()) - before) / ((performance.now() - began) / 1000);
		await others.stop();
		console.log(`engine ${engine}, ${target}: ${rate.toFixed(0)} other requests answered in a second meanwhile`);
		// As many as this machine has time for; it is told above.
		expect(rate).toBeGreaterThan(20);
		expect(document, told(document)).toMatchObject({verdict: 'delivered', differs: []});
		expect(document.agreement, document.notSeen.join()).not.toBe(false);
		for (const connection of [1, 2]) {
			const hops = document.hops.filter(hop => hop.connection === connection && hop.kind !== 'client');
			const packets = hops.flatMap(hop => hop.observed.packets.filter(({what}) => what !== 'question'));
			expect(new Set(packets.map(({sport}) => sport)).size, `ports of connection ${connection}`).toBeLessThanOrEqual(1);
			// Each link shows its first packet there once, and a machine that has no time to look says so.
			expect(hops.every(hop => hop.observed.certainty === 'observed')).toBe(true);
			for (const hop of hops) if (document.notSeen.length === 0) expect(hop.observed.seen, `${hop.kind} ${hop.name}`).toBe(true);
			for (const hop of hops) if (hop.observed.seen !== true) expect(hop.observed).toMatchObject({seen: null, gap: {id: 'read-failed'}});
		}
		expect(await left(lab())).toEqual([]);
	});

	it('waiting for a request from the LAN among a thousand in a second it follows one of them', async () => {
		const others = lab().start('lan', [join(lab().folder, 'images/tiny.bin'), 'load', '10.99.0.1:8080', '1000', '60']);
		await others.until(async () => (await others.output()).split('\n').length > 5, 30_000);
		const document: TraceDocument = await traceLan(lab(), ['10.99.0.1:8080'], ['true']);
		await others.stop();
		expect(document, told(document)).toMatchObject({verdict: 'delivered', differs: []});
		const packets = document.hops.flatMap(hop => hop.observed.packets.filter(({what}) => what !== 'question'));
		expect(new Set(packets.map(({sport}) => sport)).size).toBe(1);
		for (const hop of document.hops) expect(hop.observed.seen, `${hop.kind} ${hop.name}`).not.toBe(false);
	});

	it('without root: the request is sent, nothing is claimed of its way, and it says why', async () => {
		const user = await unprivilegedUser(lab());
		const ran = await user.dockhop('trace', '127.0.0.1:8080', '--json');
		const document: TraceDocument = JSON.parse(ran.stdout);
		expect(document, told(document)).toMatchObject({verdict: 'delivered', agreement: null, differs: []});
		expect(document.probe?.reached).toBe(true);
		expect(document.hops.every(hop => hop.observed.seen === null)).toBe(true);
		expect(document.notSeen.join()).toContain('sudo dockhop');
	});

	it('what it cannot do is said in one line', async () => {
		expect(await lab().dockhop('trace', 'www', '--watch')).toMatchObject({
			code: 2,
			stdout: '',
			stderr: expect.stringMatching(/--watch .*--from any \(or lan\)/),
		});
		expect(await lab().dockhop('trace', 'www', '--demo')).toMatchObject({
			code: 2,
			stdout: '',
			stderr: expect.stringContaining('recording'),
		});
	});
});

/** Tables and programs of a trace that are there now in the lab: on the host and in www's namespace. */
async function left(lab: Lab): Promise<string[]> {
	return [...(await tablesOfTrace(lab, 'www')), ...(await programsOfTrace(lab, 'www'))];
}
