import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {flow, hopOf, kinds, lanReaches, probe} from './flow-checks.ts';

describe.each(engines)('flows on engine %s', engine => {
	const lab = useLab({engine}, sceneSix);
	const inspect = (name: string, format: string) => lab().docker('inspect', '-f', format, name);
	const address = (name: string, network: string) => inspect(name, `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`);

	it('lan → www: every row of the mission table, bottom to top', async () => {
		const document = await flow(lab(), 'www:80', '--from', 'lan');
		const own = await address('www', 'bridge');
		expect(document).toMatchObject({verdict: 'delivered', blockedAt: null, lost: null, seenAs: {src: lab().address.lan}});
		expect(kinds(document)).toBe('client nic netfilter route netfilter bridge veth interface port process');
		const [client, nic, dnat, route, forward, bridge, veth, iface, port, process] = document.hops;
		expect(client).toMatchObject({where: 'lan', address: lab().address.lan});
		expect(nic).toMatchObject({where: 'hardware', name: 'eth0', address: lab().address.host, port: 8080});
		expect(dnat).toMatchObject({
			where: 'host',
			name: 'PREROUTING',
			packet: {dst: lab().address.host, dport: 8080},
			packetAfter: {dst: own, dport: 80},
		});
		expect(route).toMatchObject({where: 'host', packet: {dst: own, oif: 'docker0'}});
		expect(forward).toMatchObject({where: 'host', name: 'FORWARD', verdict: 'passes', packet: {iif: 'eth0', oif: 'docker0', dport: 80}});
		expect(bridge).toMatchObject({where: 'host', name: 'docker0', address: '172.17.0.1'});
		expect(veth).toMatchObject({where: 'host', name: await vethOf('www'), address: '172.17.0.0/16'});
		expect(iface).toMatchObject({where: 'container', of: 'www', name: 'eth0', address: own});
		expect(port).toMatchObject({where: 'container', of: 'www', port: 80});
		expect(port?.names).toEqual(expect.arrayContaining(['127.0.0.1', 'www']));
		expect(process).toMatchObject({where: 'process', port: 80, name: `httpd (${await inspect('www', '{{.State.Pid}}')})`});
		expect(await lanReaches(lab(), `http://${lab().address.host}:8080/`)).toBe(true);
		expect(document.alternatives.map(one => one.verdict)).toEqual(['delivered']);
		expect(await lanReaches(lab(), `http://[${lab().address.host6}]:8080/`)).toBe(true);
	});

	it('lan → what is published on 127.0.0.1 only, and what is not published', async () => {
		const lo = await flow(lab(), 'tiny', '--from', 'lan');
		expect(lo.hops[lo.blockedAt ?? 0]).toMatchObject({kind: 'port', cause: 'published-elsewhere', packet: {dport: 8181}});
		expect(await lanReaches(lab(), `http://${lab().address.host}:8181/`)).toBe(false);
		const direct = await flow(lab(), 'other:80', '--from', 'lan');
		const reached = await lanReaches(lab(), `http://${await address('other', 'othernet')}/`);
		expect(direct.verdict).toBe(reached ? 'delivered' : 'blocked');
		expect(direct.assumptions.map(one => one.id)).toContain('lan-route');
	});

	it("host → 127.0.0.1 and [::1] go through docker-proxy, the NIC's address through DNAT", async () => {
		for (const [target, family] of [
			['127.0.0.1:8080', 'v4'],
			['[::1]:8080', 'v6'],
		] as const) {
			const document = await flow(lab(), target);
			expect(kinds(document), family).toBe('client interface proxy route bridge veth interface port process');
			expect(hopOf(document, 'proxy')).toMatchObject({port: 8080, packetAfter: {dport: 80, dst: await address('www', 'bridge')}});
			expect(document.hops.at(-1)).toMatchObject({connection: 2, of: 'www'});
			expect(document.seenAs?.src).toBe('172.17.0.1');
		}
		const own = await flow(lab(), `${lab().address.host}:8080`);
		expect(kinds(own)).toBe('client netfilter route bridge veth interface port process');
		expect(hopOf(own, 'netfilter')).toMatchObject({name: 'OUTPUT', packetAfter: {dport: 80}});
		expect(own.seenAs?.src).toBe(lab().address.host);
	});

	it('container → container goes over the bridge without NAT, after the DNS step', async () => {
		const document = await flow(lab(), 'web:80', '--from', 'app');
		expect(document).toMatchObject({verdict: 'delivered', seenAs: {src: await address('app', 'appnet')}});
		expect(hopOf(document, 'dns').names.join()).toMatch(/embedded DNS 127\.0\.0\.11/);
		expect(document.hops.filter(hop => hop.kind === 'veth').map(hop => hop.name)).toEqual([await vethOf('app'), await vethOf('web')]);
		expect(document.hops.every(hop => hop.packetAfter === null)).toBe(true);
		expect(document.hops.every(hop => hop.kind !== 'nic')).toBe(true);
	});

	it('container → host.docker.internal goes through the host to the container that publishes the port', async () => {
		const document = await flow(lab(), 'http://host.docker.internal:8080', '--from', 'app');
		expect(document.verdict).toBe('delivered');
		expect(hopOf(document, 'dns').names.join()).toMatch(/\/etc\/hosts line \d/);
		expect(document.hops.at(-1)).toMatchObject({kind: 'process', of: 'www'});
		const bridges = document.hops.filter(hop => hop.kind === 'bridge').map(hop => hop.name);
		expect(bridges).toEqual([expect.stringMatching(/^br-/), 'docker0']);
	});

	it('host and none: straight to the host, and nowhere', async () => {
		const hosty = await flow(lab(), 'hosty:9000', '--from', 'lan');
		expect(kinds(hosty)).toBe('client nic port process');
		expect(hosty.hops[2]).toMatchObject({where: 'container', of: 'hosty', port: 9000});
		const lonely = await flow(lab(), 'lonely:80');
		expect(lonely).toMatchObject({verdict: 'blocked', lost: 'request'});
		expect(lonely.hops[lonely.blockedAt ?? 0]).toMatchObject({cause: 'no-network', of: 'lonely'});
	});

	it('a container asks itself: 127.0.0.1, [::1], its hostname; and its own published port through the host', async () => {
		for (const url of ['http://127.0.0.1/', 'http://[::1]/', 'http://app/']) {
			const document = await flow(lab(), url, '--from', 'app');
			// Older engines switch IPv6 off in a container without IPv6 network, its ::1 included.
			const sent = await lab().host(['docker', 'exec', 'app', 'curl', '-gsS', '-o', '/dev/null', url], {mayFail: true});
			expect(document.verdict, url).toBe(sent.code === 0 ? 'delivered' : 'blocked');
			if (sent.code === 0) expect(kinds(document).replace('dns ', ''), url).toBe('client interface port process');
		}
		const own = await flow(lab(), `http://${lab().address.host}:8081/`, '--from', 'web');
		const sent = await lab().host(['docker', 'exec', 'web', '/bin/tiny', 'get', `${lab().address.host}:8081`], {mayFail: true});
		expect(own.verdict).toBe(sent.code === 0 ? 'delivered' : 'blocked');
		expect(own.hops.at(-1)).toMatchObject({of: 'web'});
	});

	it('a container outwards: forwarded, with the address of the NIC', async () => {
		const document = await flow(lab(), 'http://203.0.113.9:8443/', '--from', 'app');
		expect(document.verdict).toBe('forwarded');
		const nat = document.hops.findLast(hop => hop.kind === 'netfilter');
		expect(nat).toMatchObject({name: 'POSTROUTING', packetAfter: {src: lab().address.host, dst: '203.0.113.9'}});
		expect(document.hops.at(-2)).toMatchObject({kind: 'nic', name: 'eth0', where: 'hardware', verdict: 'passes'});
		expect(document.hops.at(-1)).toMatchObject({
			kind: 'outside',
			address: '203.0.113.9',
			verdict: 'undetermined',
			unknown: {id: 'out-of-sight'},
		});
	});

	it.each([
		[['www:80']],
		[['127.0.0.1:8181']],
		[['other:80']],
		[['hosty:9000']],
		[['lonely:80']],
		[['web:80', '--from', 'app']],
		[['other:80', '--from', 'app']],
		[['http://host.docker.internal:8080/', '--from', 'app']],
		[['http://web:81/', '--from', 'app']],
		[['web:80', '--from', 'tiny']],
		[['http://127.0.0.1/', '--from', 'lonely']],
	])('a probe of %j agrees with the verdict', async args => {
		const {verdict, probe: result} = await probe(lab(), ...args);
		expect(verdict).not.toBe('undetermined');
		expect(result, JSON.stringify(result)).toMatchObject({reached: verdict === 'delivered', agreement: true});
	});

	it('a probe from lan says that it cannot, and what can', async () => {
		const ran = await lab().dockhop('probe', 'www:80', '--from', 'lan');
		expect(ran).toMatchObject({code: 2, stdout: ''});
		expect(ran.stderr).toMatch(/^dockhop: .*flow.*\n$/);
	});

	/** The host's end of a container's eth0, as the kernel says it. */
	async function vethOf(name: string): Promise<string> {
		const inside = await lab().host(['nsenter', '-t', await inspect(name, '{{.State.Pid}}'), '-n', 'ip', '-j', 'link', 'show', 'eth0']);
		const [{link_index: index}] = JSON.parse(inside.stdout);
		const links: {ifindex: number; ifname: string}[] = JSON.parse((await lab().host(['ip', '-j', 'link'])).stdout);
		return links.find(link => link.ifindex === index)?.ifname ?? '';
	}
});
