import {mkdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import type {Lab} from '../lab/lab.ts';
import {ensurePrograms} from '../lab/packages.ts';
import {startSsh} from '../lab/ssh.ts';
import {unprivilegedUser} from '../lab/unprivileged.ts';
import {useLab} from '../lab/use-lab.ts';

describe('the ways to an engine', () => {
	const lab = useLab({engine: '28.5', daemonArgs: ['--host', 'tcp://127.0.0.1:2375']}, async lab => {
		await lab.docker('network', 'create', 'mine');
	});
	const networks = /^mine +bridge/m;

	it('tcp://, and DOCKER_HOST of the environment is no match for --host', async () => {
		expect((await dockhop(lab(), {}, '--host', 'tcp://127.0.0.1:2375', 'networks')).stdout).toMatch(networks);
		const both = await dockhop(lab(), {DOCKER_HOST: 'tcp://192.0.2.1:1'}, '--host', `unix://${lab().socket}`, 'networks');
		expect(both.stdout).toMatch(networks);
	});

	it('ssh://, and nothing of it is left', async () => {
		const ssh = await startSsh(lab());
		try {
			const host = `ssh://root@${lab().address.host}`;
			const far = await lab().lan(['env', `PATH=${ssh.env.PATH}`, process.execPath, program, '--host', host, 'networks'], {mayFail: true});
			expect(far).toMatchObject({code: 0, stdout: expect.stringMatching(networks)});
			const nobody = await lab().lan(['env', `PATH=${ssh.env.PATH}`, process.execPath, program, '--host', `${host}:1`, 'networks'], {
				mayFail: true,
			});
			expect(nobody).toMatchObject({code: 4, stderr: expect.stringMatching(/ssh: connect to host .* port 1: Connection refused/)});
			expect((await lab().host(['pgrep', '-af', `^ssh .*${lab().address.host} docker`], {mayFail: true})).stdout).toBe('');
		} finally {
			await ssh.stop();
		}
	});

	it('a user outside of the group is told so; one inside is served', async () => {
		const user = await unprivilegedUser(lab());
		expect(await user.dockhop('networks')).toMatchObject({code: 0, stdout: expect.stringMatching(networks)});
		await lab().host(['chgrp', 'root', lab().socket]);
		const {code, stderr} = await user.dockhop('networks');
		expect(code).toBe(4);
		expect(stderr).toMatch(/permission denied; you are uid \d+ and not in the group that owns the socket \(root\)/);
		expect(stderr.trim().split('\n')).toHaveLength(1);
	});
});

describe('an engine with TLS', () => {
	let certificates = '';
	const lab = useLab({engine: '28.5'}, async lab => {
		certificates = await makeCertificates(lab);
	});
	const env = () => ({DOCKER_HOST: 'tcp://127.0.0.1:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates});
	// A TLS front of its own before the engine's socket: the engine's answers, openssl's certificates.
	beforeAll(async () => {
		const server = lab().start('host', [process.execPath, '-e', tlsFront, certificates, lab().socket]);
		await server.until(async () => (await lab().host(['ss', '-Htln', 'sport', '=', '2376'])).stdout !== '', 10_000);
	});

	it('is asked with the client’s certificate', async () => {
		expect(await dockhop(lab(), env(), 'networks')).toMatchObject({code: 0, stdout: expect.stringMatching(/^bridge/m)});
	});

	it('refuses who has none, and is refused where its own is not known', async () => {
		await rename(join(certificates, 'cert.pem'), join(certificates, 'cert.away'));
		await rename(join(certificates, 'key.pem'), join(certificates, 'key.away'));
		expect((await dockhop(lab(), env(), 'networks')).stderr).toMatch(/TLS: .*certificate/);
		await rm(join(certificates, 'ca.pem'));
		expect((await dockhop(lab(), env(), 'networks')).stderr).toMatch(/TLS: unable to verify|TLS: self.signed/);
	});
});

const program = join(import.meta.dirname, '../../dist/dockhop.js');

function dockhop(lab: Lab, env: Record<string, string>, ...args: string[]) {
	const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	return lab.host(['env', ...variables, process.execPath, program, ...args], {mayFail: true, timeoutMs: 60_000});
}

/** A throw-away authority, and a certificate of it for the server and for the client, as the Docker CLI names the files. */
async function makeCertificates(lab: Lab): Promise<string> {
	await ensurePrograms(lab.journal, {openssl: 'openssl'});
	const folder = join(lab.folder, 'tls');
	await mkdir(folder);
	const file = (name: string) => join(folder, name);
	const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
	await lab.host(['openssl', 'req', '-x509', ...key, '-keyout', file('ca-key.pem'), '-out', file('ca.pem'), '-subj', '/CN=authority']);
	for (const [name, certificate, secret] of [
		['server', 'server.pem', 'server-key.pem'],
		['client', 'cert.pem', 'key.pem'],
	] as const) {
		const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca-key.pem'), '-addext', 'subjectAltName=IP:127.0.0.1'];
		await lab.host([
			'openssl',
			'req',
			'-x509',
			...key,
			...signed,
			'-keyout',
			file(secret),
			'-out',
			file(certificate),
			'-subj',
			`/CN=${name}`,
		]);
	}
	return folder;
}

const tlsFront = `
const [folder, socket] = process.argv.slice(1);
const {readFileSync: read} = require('node:fs');
const options = {ca: read(folder + '/ca.pem'), cert: read(folder + '/server.pem'), key: read(folder + '/server-key.pem')};
require('node:tls').createServer({...options, requestCert: true, rejectUnauthorized: true}, front => {
	const back = require('node:net').connect(socket);
	front.pipe(back).pipe(front);
	for (const end of [front, back]) end.on('error', () => { front.destroy(); back.destroy(); });
}).listen(2376, '127.0.0.1');
`;
