import {vi} from 'vitest';
import type {Lab} from '../lab/lab.ts';

/** How the engine is started for these flows: IPv6 on every bridge, published like IPv4 (older engines: as an experiment). */
export const daemonJson = {ipv6: true, 'fixed-cidr-v6': 'fd00:70::/64', ip6tables: true, experimental: true};

export type Proto = 'tcp' | 'udp';
export type Family = 4 | 6;

/** What a fault is made from: names, links and addresses of the scene. */
export interface Scene {
	lab: Lab;
	/** The host's link of the bridge that servers and `app` are on, and of the one that `other` is on. */
	bridge: string;
	otherBridge: string;
	/** Whether frames between two ports of a bridge come through iptables. */
	bridgeFiltered: boolean;
	containers: Record<string, {pid: string; veth: string; address: Record<Family, string>}>;
}

/** Who answers, by protocol. */
export const servers: Record<Proto, {name: string; port: number; published: number}> = {
	tcp: {name: 'www', port: 80, published: 8080},
	udp: {name: 'echo', port: 53, published: 5300},
};

/** `www` (TCP) and `echo` (UDP) on appnet, published; `app` beside them; `other` on a network of its own. All have both families. */
export async function fillScene(lab: Lab): Promise<Scene> {
	await lab.docker('network', 'create', '--ipv6', '--subnet', 'fd00:71::/64', 'appnet');
	await lab.docker('network', 'create', '--ipv6', '--subnet', 'fd00:72::/64', 'othernet');
	const run = (name: string, network: string, ...args: string[]) =>
		lab.docker('run', '-d', '--name', name, '--hostname', name, '--network', network, ...args);
	const host = ['--add-host', 'host.docker.internal:host-gateway', '--add-host', `host.docker.internal:${lab.address.host6}`];
	await run('www', 'appnet', '-p', '8080:80', 'tiny', '/tiny', 'serve', '[::]:80');
	await run('echo', 'appnet', '-p', '5300:53/udp', 'tiny', '/tiny', 'serve', '--udp', '[::]:53');
	await run('app', 'appnet', ...host, 'curl', 'tiny', 'sleep');
	await run('other', 'othernet', 'curl', 'tiny', 'sleep');
	// An address that the kernel still checks for duplicates is not used as a source yet. (Where a link has no carrier, it never begins to.)
	await vi.waitFor(
		async () => {
			const links: {operstate?: string}[] = JSON.parse((await lab.host(['ip', '-j', '-6', 'addr', 'show', 'tentative'])).stdout);
			if (links.some(({operstate}) => operstate === 'UP')) throw new Error('addresses are still tentative');
		},
		{timeout: 10_000, interval: 200},
	);
	const bridgeOf = async (name: string) => `br-${(await lab.docker('network', 'inspect', '-f', '{{.Id}}', name)).slice(0, 12)}`;
	const filtered = await lab.host(['sysctl', '-n', 'net.bridge.bridge-nf-call-iptables'], {mayFail: true});
	const names = ['www', 'echo', 'app', 'other'];
	const containers = await Promise.all(names.map(async name => [name, await placeOf(lab, name)] as const));
	return {
		lab,
		bridge: await bridgeOf('appnet'),
		otherBridge: await bridgeOf('othernet'),
		bridgeFiltered: filtered.stdout.trim() === '1',
		containers: Object.fromEntries(containers),
	};
}

async function placeOf(lab: Lab, name: string): Promise<Scene['containers'][string]> {
	const form = '{{.State.Pid}} {{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}';
	const [pid = '', v4 = '', v6 = ''] = (await lab.docker('inspect', '-f', form, name)).split(' ');
	const own = await lab.host(['nsenter', '-t', pid, '-n', 'ip', '-j', 'link', 'show', 'eth0']);
	const [{link_index: index}] = JSON.parse(own.stdout);
	const links: {ifindex: number; ifname: string}[] = JSON.parse((await lab.host(['ip', '-j', 'link'])).stdout);
	return {pid, veth: links.find(link => link.ifindex === index)?.ifname ?? '', address: {4: v4, 6: v6}};
}
