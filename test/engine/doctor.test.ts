import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {unprivilegedUser} from '../lab/unprivileged.ts';
import {useLab} from '../lab/use-lab.ts';

interface Doctor {
	findings: {id: string; severity: string; summary: string}[];
	notChecked: {id: string; why: string; tell: string}[];
	requests: number;
}

/** One engine is enough for the scene; the newest has the most rules. */
describe.each(engines.slice(-1))('doctor on a healthy host with many networks, engine %s', engine => {
	const lab = useLab({engine, daemonJson: {'userland-proxy': false}}, varied);

	it('finds neither errors nor warnings', async () => {
		const {document, code} = await doctor(lab());
		expect(document.findings).toEqual([]);
		// Containers that were only glanced at are told; how many need no more than a glance depends on the ways that were walked.
		expect(document.notChecked.filter(({id}) => id !== 'not-read')).toEqual([]);
		expect(code).toBe(0);
		expect(document.requests).toBeGreaterThan(20);
	});

	it('--probe: every request that it sends is answered', async () => {
		const {document, code} = await doctor(lab(), '--probe', '--timeout', '4');
		expect(document.findings).toEqual([]);
		expect(code).toBe(0);
	});

	it('a fault in one container of many is found, though most are only glanced at', async () => {
		await lab().docker('exec', 'c17', 'sh', '-c', 'kill $(pidof httpd)');
		const {document, code} = await doctor(lab());
		expect(document.findings.map(({id, severity}) => `${severity} ${id}`)).toEqual(['error nothing-listens']);
		expect(code).toBe(1);
		await lab().docker('exec', '-d', 'c17', ...serve);
		expect((await doctor(lab())).document.findings).toEqual([]);
	});

	it('without rights: nothing is claimed, and what would be needed is said', async () => {
		const user = await unprivilegedUser(lab());
		const ran = await user.dockhop('doctor', '--json');
		const document: Doctor = JSON.parse(ran.stdout);
		expect(document.findings).toEqual([]);
		expect(document.notChecked.map(({why}) => why).join('\n')).toContain('readable by root only');
		for (const {tell} of document.notChecked) expect(tell).not.toBe('');
		expect(ran.code).toBe(3);
	});
});

async function doctor(lab: Lab, ...args: string[]): Promise<{document: Doctor; code: number | null}> {
	const ran = await lab.dockhop('doctor', ...args, '--json');
	return {document: JSON.parse(ran.stdout), code: ran.code};
}

/** Networks of many kinds, and more containers than doctor reads in full. */
async function varied(lab: Lab): Promise<void> {
	const networks = ['plain', 'inner', 'six', 'small', 'routed', 'quiet'];
	await lab.docker('network', 'create', 'plain');
	await lab.docker('network', 'create', '--internal', 'inner');
	await lab.docker('network', 'create', '--ipv6', '--subnet', 'fd00:6::/64', 'six');
	await lab.docker('network', 'create', '--subnet', '192.168.77.0/28', 'small');
	await lab.docker('network', 'create', '-o', 'com.docker.network.driver.mtu=1400', 'routed');
	await lab.docker('network', 'create', '-o', 'com.docker.network.bridge.enable_icc=false', 'quiet');
	for (let index = 0; index < 28; index++) {
		const network = networks[index % networks.length] ?? 'plain';
		const ports = index % 3 === 2 && network !== 'inner' ? ['-p', `${9000 + index}:80`] : [];
		// Its program can be ended without ending the container.
		const program = index === 17 ? ['sleep', '3600'] : serve;
		await lab.docker('run', '-d', '--name', `c${index}`, '--network', network, ...ports, 'busybox', ...program);
	}
	await lab.docker('exec', '-d', 'c17', ...serve);
	await lab.docker('run', '-d', '--name', 'bare', '-p', '9100:80', 'busybox', ...serve);
	await lab.docker('run', '-d', '--name', 'names', '-p', '9053:53/udp', 'tiny', '/tiny', 'serve', '--udp', '0.0.0.0:53');
	await lab.docker('run', '-d', '--name', 'side', '--network', 'container:bare', 'busybox', 'sleep', '3600');
	await lab.docker('run', '-d', '--name', 'hosty', '--network', 'host', 'busybox', 'httpd', '-f', '-p', '9300');
	await lab.docker('run', '-d', '--name', 'lonely', '--network', 'none', 'busybox', ...serve);
	await lab.docker('create', '--name', 'later', 'busybox', ...serve);
}

const serve = ['httpd', '-f', '-p', '80', '-h', '/www'];
