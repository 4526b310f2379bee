import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {type Lab, program} from '../lab/lab.ts';
import {sceneHundred} from '../lab/scene-hundred.ts';
import {useLab} from '../lab/use-lab.ts';
import {runningWith} from './process-tree.ts';

interface Doctor {
	findings: {id: string; severity: string; summary: string; requests: string[]}[];
	notChecked: {id: string; why: string; tell: string}[];
	requests: number;
}

describe.each(engines)('doctor on a healthy host with 20 networks and 100 containers, engine %s', engine => {
	const lab = useLab({engine, daemonJson: {'userland-proxy': false}}, sceneHundred);

	it('finds nothing, and nothing is left unchecked', async () => {
		const {document, code} = await doctor(lab());
		expect(document.findings).toEqual([]);
		expect(document.notChecked).toEqual([]);
		expect(code).toBe(0);
		// Each published port from the host and from the LAN; each container to its neighbour, outwards and to its DNS server.
		expect(document.requests).toBeGreaterThan(300);
	});

	it('--probe: every request that it sends is answered', async () => {
		const {document, code} = await doctor(lab(), '--probe', '--timeout', '4');
		expect(document.findings).toEqual([]);
		expect(document.notChecked).toEqual([]);
		expect(code).toBe(0);
	});

	it('right after a start, while services still bind their ports, all is looked at as well', async () => {
		await lab().docker('run', '-d', '--name', 'fresh', '--network', 'plain', 'tiny', '/tiny', 'serve', '0.0.0.0:80');
		const {document} = await doctor(lab());
		expect(document.notChecked).toEqual([]);
		expect(document.requests).toBeGreaterThan(300);
		await lab().docker('rm', '-f', 'fresh');
	});

	it('--probe takes as long as its slowest request: dozens that are never answered wait all at the same time', async () => {
		const rule = ['DOCKER-USER', '-p', 'tcp', '--dport', '80', '-j', 'DROP'];
		await lab().host(['iptables', '-I', ...rule]);
		// By this number their processes are known. So long that all are started before the first gives up.
		const seconds = '25.7';
		const argv = [process.execPath, program, 'doctor', '--probe', '--timeout', seconds, '--json'];
		const probing = lab().host(argv, {timeoutMs: 180_000, mayFail: true});
		const waiting = await mostAtOnce(seconds, probing);
		const ran = await probing;
		await lab().host(['iptables', '-D', ...rule]);
		const {findings}: Doctor = JSON.parse(ran.stdout);
		const [dropped] = findings;
		expect(dropped).toMatchObject({id: 'dropped', severity: 'error', summary: expect.stringContaining('DOCKER-USER rule 1')});
		const unanswered = (dropped?.requests ?? []).filter(request => !/--from lan$/.test(request)).length;
		expect(unanswered).toBeGreaterThan(30);
		expect(waiting).toBeGreaterThanOrEqual(unanswered);
	}, 240_000);

	it('a fault in one container of many is found', async () => {
		await lab().docker('run', '-d', '--name', 'ailing', '--network', 'plain', '-p', '9700:80', 'tiny', '/tiny', 'serve', '127.0.0.1:80');
		const {document, code} = await doctor(lab());
		expect(document.findings.map(({id, severity}) => `${severity} ${id}`)).toEqual(['error listens-on-loopback']);
		expect(code).toBe(1);
		await lab().docker('rm', '-f', 'ailing');
		expect((await doctor(lab())).document.findings).toEqual([]);
	});
});

/** The largest number of curls with that time limit that ran at one moment before the end. */
async function mostAtOnce(limit: string, end: Promise<unknown>): Promise<number> {
	let ended = false;
	const stop = () => {
		ended = true;
	};
	end.then(stop, stop);
	let most = 0;
	for (; !ended; await sleep(100)) {
		const curls = (await runningWith(limit)).filter(({argv}) => argv[0] === 'curl');
		most = Math.max(most, curls.length);
	}
	return most;
}

async function doctor(lab: Lab, ...args: string[]): Promise<{document: Doctor; code: number | null}> {
	const ran = await lab.dockhop('doctor', ...args, '--json');
	return {document: JSON.parse(ran.stdout), code: ran.code};
}
