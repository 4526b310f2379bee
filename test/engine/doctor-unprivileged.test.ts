import {beforeAll, describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {unprivilegedUser} from '../lab/unprivileged.ts';
import {useLab} from '../lab/use-lab.ts';

interface Doctor {
	findings: {id: string; severity: string; summary: string}[];
	notChecked: {id: string; why: string; tell: string}[];
}

/** Faults that everybody may see, faults that only root may see, and healthy containers among them. */
async function ailing({docker, host}: Lab): Promise<void> {
	const serve = ['tiny', '/tiny', 'serve'];
	await docker('network', 'create', 'shop');
	await docker('run', '-d', '--name', 'web', '--network', 'shop', '-p', '8080:80', ...serve, '0.0.0.0:80');
	await docker('run', '-d', '--name', 'db', '--network', 'shop', ...serve, '0.0.0.0:5432');
	await docker('run', '-d', '--name', 'admin', '--network', 'shop', '-p', '8081:80', ...serve, '127.0.0.1:80');
	await docker('run', '-d', '--name', 'old', '-p', '8082:80', ...serve, '0.0.0.0:80');
	await docker('stop', '-t', '0', 'old');
	await host(['iptables', '-I', 'DOCKER-USER', '-p', 'tcp', '--dport', '80', '-j', 'DROP']);
}

describe.each(engines)('doctor for a user without rights, engine %s', engine => {
	const lab = useLab({engine}, ailing);
	let document: Doctor;
	let code: number | null;
	beforeAll(async () => {
		const ran = await (await unprivilegedUser(lab())).dockhop('doctor', '--json');
		document = JSON.parse(ran.stdout);
		code = ran.code;
	});
	const ids = ({findings}: Doctor) => findings.map(({id, severity, summary}) => `${severity} ${id} ${summary.split(/[ :]/)[0]}`);

	it('concludes what everybody may see, whatever the rules on the way are', () => {
		expect(ids(document).sort()).toEqual(['info not-running old', 'warning listens-on-loopback admin']);
		expect(code).toBe(1);
	});

	it('lists what it could not check, once for each reason, with what it would take', () => {
		const whys = document.notChecked.map(({why}) => why);
		expect(whys).toEqual([
			expect.stringMatching(/^iptables rules: .* readable by root only$/),
			expect.stringMatching(/^nftables ruleset: .* readable by root only$/),
			expect.stringMatching(
				/^the inside of (?=.*\bweb\b)(?=.*\bdb\b)(?=.*\badmin\b).*: another process's network namespace is readable by root only$/,
			),
		]);
		for (const {id, tell} of document.notChecked) expect([id, tell]).toEqual(['no-permission', 'sudo dockhop']);
	});

	it('root finds the rule as well, and leaves nothing unchecked', async () => {
		const ran = await lab().dockhop('doctor', '--json');
		const roots: Doctor = JSON.parse(ran.stdout);
		expect(roots.notChecked).toEqual([]);
		expect(roots.findings.map(({id}) => id)).toEqual(expect.arrayContaining(['dropped', 'listens-on-loopback', 'not-running']));
	});

	it('without a fault that it may see: nothing found, but exit 3', async () => {
		await lab().docker('rm', '-f', 'admin', 'old');
		const ran = await (await unprivilegedUser(lab())).dockhop('doctor');
		expect(ran.stdout).toMatch(/^ \? not checked: [\s\S]*^nothing wrong was found in what could be checked/m);
		expect(ran.code).toBe(3);
	});
});
