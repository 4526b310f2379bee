import {rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {connect} from '../../source/engine/connect.js';
import {findEndpoint} from '../../source/engine/endpoint.js';
import {execIn} from '../../source/engine/exec.js';
import type {Container, Snapshot} from '../../source/model/index.js';
import {load, save} from '../../source/recording/index.js';
import {liveSession} from '../../source/session/live.js';
import type {Session} from '../../source/session/session.js';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';

describe.each(engines)('a session on engine %s', engine => {
	const lab = useLab({engine}, sceneSix);
	let session: Session;
	beforeAll(() => {
		session = liveSession({host: `unix://${lab().socket}`, context: null});
	});
	afterAll(() => session.close());

	it('lists what docker lists', async () => {
		const {engine: read} = await session.ready();
		const value = read.read ? read.value : null;
		const names = (text: string) => text.split('\n').filter(Boolean).sort();
		expect(value?.containers.map(({name}) => name).sort()).toEqual(names(await lab().docker('ps', '-a', '--format', '{{.Names}}')));
		expect(value?.networks.map(({name}) => name).sort()).toEqual(names(await lab().docker('network', 'ls', '--format', '{{.Name}}')));
	});

	it('reads the namespace in which the bridges are, though it runs in another one', async () => {
		const {vantage, host} = await session.ready();
		expect(vantage).toMatchObject({kind: 'root', enter: expect.arrayContaining(['nsenter'])});
		const links = host.links.read ? host.links.value.map(({name}) => name) : [];
		expect(links).toEqual(expect.arrayContaining(['lo', 'eth0', 'docker0']));
	});

	it('reads a container and the host’s sockets when they are asked for', async () => {
		const web = container(await session.ready(), 'web');
		const snapshot = await session.read({containers: [web.id], names: [{from: web.id, name: 'app'}], hostSockets: true});
		const {sockets} = snapshot.containers[web.id]?.netns ?? {};
		expect(sockets).toMatchObject({read: true, value: expect.arrayContaining([expect.objectContaining({port: 80, state: 'listen'})])});
		expect(snapshot.host.sockets).toMatchObject({value: expect.arrayContaining([expect.objectContaining({port: 9000})])});
		const address = container(snapshot, 'app').endpoints[0]?.address;
		expect(snapshot.answers).toContainEqual({from: web.id, name: 'app', server: '127.0.0.11', addresses: [address], error: null});
	});

	it('comes back the same from a file', async () => {
		const {containers} = engineOf(await session.ready());
		const whole = await session.read({containers: containers.map(({id}) => id), names: [], hostSockets: true});
		const path = join(tmpdir(), `dockhop-session-${process.pid}-${engine}.json`);
		try {
			await save(whole, path);
			expect(await load(path)).toEqual(whole);
		} finally {
			await rm(path, {force: true});
		}
	});

	it('shows a container that comes and goes, with an alias that is harmless', async () => {
		await lab().docker(
			'run',
			'-d',
			'--name',
			'guest',
			'--network',
			'appnet',
			'--network-alias',
			'gu\u001b[31mest',
			'busybox',
			'sleep',
			'600',
		);
		const guest = await until(session, snapshot => engineOf(snapshot).containers.find(({name, pid}) => name === 'guest' && pid));
		expect(guest.endpoints[0]?.aliases).toContain('gu�[31mest');
		await lab().docker('rm', '-f', 'guest');
		await until(session, snapshot => (engineOf(snapshot).containers.some(({name}) => name === 'guest') ? undefined : true));
	});

	it('sees a port that is bound some time after the start, without being asked', async () => {
		await lab().docker('run', '-d', '--name', 'late', 'busybox', 'sh', '-c', 'sleep 4; exec httpd -f -p 8000');
		const listens = async () => {
			const snapshot = await session.ready();
			const late = engineOf(snapshot).containers.find(({name, pid}) => name === 'late' && pid);
			const {sockets} =
				(late && (await session.read({containers: [late.id], names: [], hostSockets: false})).containers[late.id]?.netns) ?? {};
			return sockets?.read ? sockets.value.some(({port, state}) => port === 8000 && state === 'listen') : null;
		};
		await until(session, snapshot => engineOf(snapshot).containers.find(({name, pid}) => name === 'late' && pid));
		expect(await listens()).toBe(false);
		await expect.poll(listens, {timeout: 12_000, interval: 200}).toBe(true);
		await lab().docker('rm', '-f', 'late');
	});

	it('runs a command in a container: both streams apart, exit code, limits, abort', async () => {
		const address = await findEndpoint({host: `unix://${lab().socket}`});
		if ('problem' in address) throw new Error(address.problem);
		const client = connect(address);
		const {id} = container(await session.ready(), 'web');
		try {
			expect(await execIn(client, id, ['sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({stdout: 'out\n', stderr: 'err\n', code: 3});
			expect((await execIn(client, id, ['/no/such/program'])).code).toSatisfy((code: number) => code === 126 || code === 127);
			expect(await execIn(client, id, ['sleep', '3'], {timeoutMs: 300})).toMatchObject({code: null});
			expect((await execIn(client, id, ['head', '-c', '100000', '/dev/zero'], {maxBytes: 1000})).code).toBeNull();
			const began = performance.now();
			await expect(execIn(client, id, ['sleep', '3'], {signal: AbortSignal.timeout(300)})).rejects.toMatchObject({name: 'AbortError'});
			expect(performance.now() - began).toBeLessThan(1500);
			await expect(execIn(client, 'nobody', ['true'])).rejects.toMatchObject({statusCode: 404});
		} finally {
			client.close();
		}
	});
});

function engineOf({engine}: Snapshot) {
	if (!engine.read) throw new Error(engine.gap.why);
	return engine.value;
}

function container(snapshot: Snapshot, name: string): Container {
	const found = engineOf(snapshot).containers.find(container => container.name === name);
	if (!found) throw new Error(`no container ${name}`);
	return found;
}

/** Waits for a snapshot in which `look` finds something, at most 20 seconds. */
function until<T>(session: Session, look: (snapshot: Snapshot) => T | undefined): Promise<T> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error('it never came')), 20_000);
		const check = () => {
			const {snapshot} = session.state();
			const found = snapshot ? look(snapshot) : undefined;
			if (found === undefined) return;
			clearTimeout(timer);
			stop();
			resolve(found);
		};
		const stop = session.subscribe(check);
		check();
	});
}
