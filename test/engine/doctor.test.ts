import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneHundred} from '../lab/scene-hundred.ts';
import {useLab} from '../lab/use-lab.ts';

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

	it('--probe waits for its requests side by side, also where dozens of them are never answered', async () => {
		const rule = ['DOCKER-USER', '-p', 'tcp', '--dport', '80', '-j', 'DROP'];
		await lab().host(['iptables', '-I', ...rule]);
		const began = performance.now();
		const ran = await lab().dockhop('doctor', '--probe', '--timeout', '8', '--json');
		const seconds = (performance.now() - began) / 1000;
		await lab().host(['iptables', '-D', ...rule]);
		const {findings}: Doctor = JSON.parse(ran.stdout);
		const [dropped] = findings;
		expect(dropped).toMatchObject({id: 'dropped', severity: 'error', summary: expect.stringContaining('DOCKER-USER rule 1')});
		const unanswered = (dropped?.requests ?? []).filter(request => !/--from lan$/.test(request)).length;
		expect(unanswered).toBeGreaterThan(30);
		expect(seconds).toBeLessThan((unanswered * 8) / 3);
	});

	it('a fault in one container of many is found', async () => {
		await lab().docker('run', '-d', '--name', 'ailing', '--network', 'plain', '-p', '9700:80', 'tiny', '/tiny', 'serve', '127.0.0.1:80');
		const {document, code} = await doctor(lab());
		expect(document.findings.map(({id, severity}) => `${severity} ${id}`)).toEqual(['error listens-on-loopback']);
		expect(code).toBe(1);
		await lab().docker('rm', '-f', 'ailing');
		expect((await doctor(lab())).document.findings).toEqual([]);
	});
});

async function doctor(lab: Lab, ...args: string[]): Promise<{document: Doctor; code: number | null}> {
	const ran = await lab.dockhop('doctor', ...args, '--json');
	return {document: JSON.parse(ran.stdout), code: ran.code};
}
