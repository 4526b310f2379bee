import {bridgeOf} from '../faults/fault.ts';
import type {Lab} from '../lab/lab.ts';

/** A request whose flow stands in docs/: on the page of its driver, and on those of the kinds of hops that it is the first to pass. */
export interface ShownFlow {
	/** Arguments of `dockhop flow`. */
	ask: readonly string[];
	words: string;
	/** The driver whose page shows it. */
	driver?: string;
	/** What has to be so for it on the host of `sceneFlows`. */
	make?(lab: Lab): Promise<unknown>;
	undo?(lab: Lab): Promise<unknown>;
}

export const shownFlows: readonly ShownFlow[] = [
	{ask: ['www:80', '--from', 'lan'], words: 'A client on the LAN asks for the published port of `www`.', driver: 'bridge'},
	{ask: [':8080'], words: 'The host asks for the same port at 127.0.0.1.'},
	{ask: ['web:80', '--from', 'app'], words: 'A container asks another one on its network, by name.'},
	{ask: ['hosty:9000', '--from', 'lan'], words: "A client on the LAN asks a container on the host's network.", driver: 'host'},
	{ask: ['lonely:80'], words: 'The host asks a container that is on no network.', driver: 'none'},
	{ask: ['side:80'], words: 'The host asks a container that shares the network of `web`.', driver: 'container'},
	{ask: ['mac:80', '--from', 'lan'], words: 'A client on the LAN asks a container that stands in the LAN itself.', driver: 'macvlan'},
	{ask: ['http://10.99.0.2:8000/', '--from', 'app'], words: 'A container asks a server on the LAN.'},
	{
		ask: ['other:80'],
		words: 'The host asks a container whose hardware address it remembers wrongly.',
		make: async lab =>
			lab.host(
				neighbour('replace', await addressOfOther(lab), 'lladdr', '02:00:00:00:00:99', 'nud', 'permanent', await bridgeOf(lab, 'othernet')),
			),
		undo: async lab => lab.host(neighbour('del', await addressOfOther(lab), await bridgeOf(lab, 'othernet'))),
	},
	{
		ask: ['http://203.0.113.9/', '--from', 'app'],
		words: 'A container asks by a tunnel of its own, as those with a VPN do.',
		make: async lab => {
			await inApp(lab, 'ip', 'tuntap', 'add', 'tun0', 'mode', 'tun');
			await inApp(lab, 'ip', 'link', 'set', 'tun0', 'up');
			await inApp(lab, 'ip', 'route', 'add', '203.0.113.0/24', 'dev', 'tun0');
		},
		undo: lab => inApp(lab, 'ip', 'link', 'del', 'tun0'),
	},
	{
		// The last one: a swarm leaves its gateway network, with rules of its own.
		ask: ['far:80', '--from', 'near'],
		words: 'A container asks another one on an overlay network of the swarm.',
		driver: 'overlay',
		make: async lab => {
			await lab.docker('swarm', 'init', '--advertise-addr', lab.address.host);
			await lab.docker('network', 'create', '-d', 'overlay', '--attachable', '--subnet', '10.77.0.0/24', 'meshnet');
			for (const name of ['near', 'far'])
				await lab.docker('run', '-d', '--name', name, '--network', 'meshnet', 'busybox', 'httpd', '-f', '-p', '80', '-h', '/www');
		},
		undo: async lab => {
			await lab.docker('rm', '-f', 'near', 'far');
			await lab.docker('swarm', 'leave', '--force');
		},
	},
];

async function inApp(lab: Lab, ...argv: string[]): Promise<unknown> {
	const pid = await lab.docker('inspect', '-f', '{{.State.Pid}}', 'app');
	return lab.host(['nsenter', '-t', pid, '-n', ...argv]);
}

function neighbour(verb: string, address: string, ...more: string[]): string[] {
	return ['ip', 'neigh', verb, address, ...more.slice(0, -1), 'dev', more.at(-1) ?? ''];
}

function addressOfOther(lab: Lab): Promise<string> {
	return lab.docker('inspect', '-f', '{{.NetworkSettings.Networks.othernet.IPAddress}}', 'other');
}
