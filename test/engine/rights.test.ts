import {beforeAll, describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {type UnprivilegedUser, unprivilegedUser} from '../lab/unprivileged.ts';
import {useLab} from '../lab/use-lab.ts';
import {type TraceDocument, told} from './trace-lab.ts';

describe.each(engines)('a trace with fewer rights than root’s, on engine %s', engine => {
	const lab = useLab({engine}, sceneSix);
	const traced = async (user: UnprivilegedUser, ...args: string[]): Promise<TraceDocument> =>
		JSON.parse((await user.dockhop('trace', ...args, '--json', '--timeout', '2')).stdout);
	/** Of each hop: its kind, in which container (or the host), and whether it was seen. */
	const seen = ({hops}: TraceDocument, where: 'host' | 'container') =>
		hops.filter(({of, kind}) => (of === null) === (where === 'host') && kind !== 'client').map(({kind, observed}) => [kind, observed.seen]);

	describe('without any capability', () => {
		let user: UnprivilegedUser;
		beforeAll(async () => {
			user = await unprivilegedUser(lab());
		});

		it('a request that never comes to the container: no packet came in by its interface', async () => {
			const address = await lab().docker('inspect', '-f', '{{.NetworkSettings.Networks.appnet.IPAddress}}', 'web');
			const rule = ['OUTPUT', '-p', 'tcp', '-d', address, '-j', 'DROP'];
			await lab().host(['iptables', '-I', ...rule]);
			// Young links ask for routers and neighbours in growing pauses: while packets of others come in, the counter tells nothing.
			let document = await traced(user, 'web:80');
			for (let tries = 1; document.verdict === 'undetermined' && tries < 8; tries++) document = await traced(user, 'web:80');
			await lab().host(['iptables', '-D', ...rule]);
			expect(document, told(document)).toMatchObject({verdict: 'blocked', lost: 'request'});
			expect(document.hops.find(({kind, of}) => kind === 'interface' && of === 'web')?.observed.seen, told(document)).toBe(false);
			expect(document.hops.filter(({kind, observed}) => kind !== 'client' && observed.seen === true)).toEqual([]);
			// It died there, and nobody saw it: no hook is green.
			expect(document.hops.filter(({kind}) => kind === 'netfilter').map(({verdict}) => verdict)).not.toContain('passes');
			expect(document.notSeen.join('\n')).toMatch(/in the host: only root, or who has CAP_NET_RAW, may trace packets/);
			expect(document.notSeen.join('\n')).toMatch(
				/in web: only root may look into a container's namespace \(sudo dockhop, or dockhop --helper IMAGE\)/,
			);
		});

		it('a request that comes there and is refused: nothing is claimed', async () => {
			const document = await traced(user, 'http://web:81/', '--from', 'app');
			expect(document, told(document)).toMatchObject({verdict: 'undetermined', agreement: null});
			expect(document.hops.filter(({kind, observed}) => kind !== 'client' && kind !== 'dns' && observed.seen !== null)).toEqual([]);
		});
	});

	it.each([
		['10.99.0.1:8080', []],
		['web:80', ['--from', 'app']],
	])('with CAP_NET_ADMIN and CAP_NET_RAW: the host as root sees it, of %s', async (target, more) => {
		const user = await unprivilegedUser(lab(), {capabilities: ['net_admin', 'net_raw']});
		const [mine, roots] = [
			await traced(user, target, ...more),
			JSON.parse((await lab().dockhop('trace', target, ...more, '--json')).stdout),
		];
		expect(mine, told(mine)).toMatchObject({verdict: 'delivered', differs: []});
		const asRoot = new Map((roots as TraceDocument).hops.map(hop => [`${hop.kind} ${hop.name} ${hop.connection}`, hop.observed.seen]));
		const ownHost = mine.hops.filter(({of, kind}) => of === null && kind !== 'client' && kind !== 'process');
		expect(ownHost.length).toBeGreaterThan(2);
		for (const {kind, name, connection, observed} of ownHost) {
			const key = `${kind} ${name} ${connection}`;
			if (asRoot.has(key)) expect([key, observed.seen], told(mine)).toEqual([key, asRoot.get(key)]);
		}
		expect(
			seen(mine, 'container')
				.filter(([kind]) => kind === 'interface')
				.every(([, was]) => was === null),
		).toBe(true);
		expect(mine.notSeen.join('\n')).toMatch(/only root may look into a container's namespace/);
		expect(mine.notSeen.join('\n')).not.toMatch(/in the host/);
	});

	it('with CAP_NET_RAW alone: the packets on the host’s links, and not its rules', async () => {
		const user = await unprivilegedUser(lab(), {capabilities: ['net_raw']});
		const document = await traced(user, '10.99.0.1:8080');
		expect(document, told(document)).toMatchObject({verdict: 'delivered', differs: []});
		const onHost = seen(document, 'host');
		expect(onHost.filter(([kind]) => kind === 'bridge' || kind === 'interface').map(([, was]) => was)).toContain(true);
		expect(onHost.filter(([kind]) => kind === 'netfilter').every(([, was]) => was === null)).toBe(true);
		expect(document.notSeen.join('\n')).toMatch(/in the host: only root, or who has CAP_NET_ADMIN, may trace rules/);
		expect(document.notSeen.join('\n')).not.toMatch(/in the host: .*CAP_NET_RAW/);
	});
});
