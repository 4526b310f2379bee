import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer as createHttp} from 'node:http';
import {createServer, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import type {EngineAddress, Transport} from '../../source/engine/address.js';
import {connect} from '../../source/engine/connect.js';
import {explainFailure} from '../../source/engine/failure.js';

const folder = mkdtempSync(join(tmpdir(), 'dockhop-failure-'));
const servers: Server[] = [];
afterAll(() => {
	for (const server of servers) server.close();
	rmSync(folder, {recursive: true});
});

const addressOf = (transport: Transport): EngineAddress => ({url: 'URL', chosenBy: '--host', transport, tried: []});
const stranger = {uid: 1000, group: 'docker', member: false, otherSockets: []};

/** Asks for real, and gives the words for what came of it. */
async function failureOf(transport: Transport, asker = stranger) {
	const address = addressOf(transport);
	const client = connect(address);
	try {
		await client.get('/version');
	} catch (error) {
		return explainFailure(error, address, asker);
	} finally {
		client.close();
	}
	throw new Error('it answered');
}

async function listen(server: Server, at: string | number): Promise<number> {
	servers.push(server);
	const where = typeof at === 'number' ? {port: at, host: '127.0.0.1'} : {path: at};
	await new Promise<void>(resolve => server.listen(where, resolve));
	const address = server.address();
	return typeof address === 'object' && address ? address.port : 0;
}

test('no socket: is Docker started?', async () => {
	const {reason, advice, gap} = await failureOf({kind: 'unix', path: join(folder, 'none.sock')});
	expect(reason).toBe('there is no such socket');
	expect(advice[0]).toContain('sudo systemctl start docker');
	expect(gap.id).toBe('no-engine');
});

test('no socket, but that of another engine', () => {
	const missing = Object.assign(new Error('connect ENOENT'), {code: 'ENOENT'});
	const asker = {...stranger, otherSockets: ['/run/user/1000/docker.sock']};
	const {advice} = explainFailure(missing, addressOf({kind: 'unix', path: '/var/run/docker.sock'}), asker);
	expect(advice.at(-1)).toContain('--host unix:///run/user/1000/docker.sock');
});

test('a file that is no socket', async () => {
	writeFileSync(join(folder, 'file'), '');
	expect((await failureOf({kind: 'unix', path: join(folder, 'file')})).reason).toMatch(/no engine listens|no socket of an engine/);
});

test('a port where nothing listens', async () => {
	const server = createServer();
	const port = await listen(server, 0);
	await new Promise(resolve => server.close(resolve));
	expect((await failureOf({kind: 'tcp', host: '127.0.0.1', port, tls: null})).reason).toMatch(/refused: nothing listens/);
});

test('something that speaks no HTTP, and something that answers another page', async () => {
	const port = await listen(
		createServer(socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
		0,
	);
	expect((await failureOf({kind: 'tcp', host: '127.0.0.1', port, tls: null})).reason).toBe('what answers there is no Docker Engine');
	const path = join(folder, 'web.sock');
	await listen(
		createHttp((_, answer) => answer.writeHead(503).end('{"message":"busy \\u001b[31m"}')),
		path,
	);
	expect((await failureOf({kind: 'unix', path})).reason).toBe('answered 503 to GET /version: busy �[31m');
});

test('TLS towards a server without it', async () => {
	const port = await listen(
		createServer(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
		0,
	);
	const tls = {ca: null, cert: null, key: null, verify: true};
	expect((await failureOf({kind: 'tcp', host: '127.0.0.1', port, tls})).reason).toMatch(/^TLS: /);
});

test('ssh that is not installed, and ssh that fails', async () => {
	const path = process.env.PATH;
	const transport = {kind: 'ssh', user: null, host: '127.0.0.1', port: 1, socket: null} as const;
	try {
		expect((await failureOf(transport)).reason).toMatch(/^ssh: .*(refused|ended with)/i);
		process.env.PATH = folder;
		expect((await failureOf(transport)).reason).toBe('ssh is not installed');
	} finally {
		process.env.PATH = path;
	}
});

test('permission denied tells who you are and what to do', () => {
	const denied = Object.assign(new Error('connect EACCES /var/run/docker.sock'), {code: 'EACCES'});
	const address = addressOf({kind: 'unix', path: '/var/run/docker.sock'});
	expect(explainFailure(denied, address, stranger)).toMatchObject({
		reason: 'permission denied',
		advice: [
			'You are uid 1000 and not in the group that owns the socket (docker).',
			'Either   sudo dockhop        reads the rules of the firewall as well',
			'or       sudo usermod -aG docker $USER, then log in again',
		],
		gap: {id: 'no-permission'},
	});
	// To join the group root is no advice.
	expect(explainFailure(denied, address, {...stranger, group: 'root'}).advice).toHaveLength(2);
	expect(explainFailure(denied, address, {...stranger, uid: 0}).advice[0]).toMatch(/^You are root/);
});

test('an engine that hangs', () => {
	const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
	expect(explainFailure(late, addressOf({kind: 'unix', path: '/x'}), stranger)).toMatchObject({reason: 'no answer in time'});
});
