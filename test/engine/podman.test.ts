import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {liveSession} from '../../source/session/live.js';
import type {Session} from '../../source/session/session.js';
import {useLab} from '../lab/use-lab.ts';

describe('a session on Podman', () => {
	const lab = useLab({engine: 'podman'}, async lab => {
		await lab.docker('network', 'create', 'shop');
		await lab.docker('run', '-d', '--name', 'web', '--network', 'shop', '-p', '8080:80', 'busybox', 'httpd', '-f', '-p', '80');
	});
	let session: Session;
	beforeAll(() => {
		session = liveSession({host: `unix://${lab().socket}`, context: null});
	});
	afterAll(() => session.close());

	it('knows its bridges, which the Docker API does not name, and finds them in the kernel', async () => {
		const {engine, host, veths} = await session.ready();
		expect(engine).toMatchObject({read: true, value: {flavour: 'podman'}});
		const network = engine.read ? engine.value.networks.find(({name}) => name === 'shop') : undefined;
		const links = host.links.read ? host.links.value : [];
		expect(links.find(({name}) => name === network?.bridge)).toMatchObject({kind: 'bridge'});
		const web = engine.read ? engine.value.containers.find(({name}) => name === 'web') : undefined;
		expect(web).toMatchObject({
			published: [{hostPort: 8080, port: 80}],
			endpoints: [{networkId: network?.id, dnsNames: expect.arrayContaining(['web'])}],
		});
		const pair = veths.read ? veths.value.find(({containerId}) => containerId === web?.id) : undefined;
		expect(links.find(({index}) => index === pair?.hostIndex)?.master).toBe(network?.bridge);
	});

	it('follows its events', async () => {
		await lab().docker('pause', 'web');
		await expect
			.poll(
				() => {
					const {engine} = session.state().snapshot ?? {};
					return engine?.read ? engine.value.containers.find(({name}) => name === 'web')?.state : null;
				},
				{timeout: 20_000},
			)
			.toBe('paused');
	});
});
