import type {Lab} from './lab.ts';
import {enter} from './namespaces.ts';

/** Addresses of the two managers on the link between them. */
const swarmAddress = {first: '10.98.0.1', second: '10.98.0.2'};

/** Joins two labs' hosts by a link `eth1` and makes them one Swarm: the first is its manager, the second a worker. */
export async function startSwarm(first: Lab, second: Lab): Promise<void> {
	const netns = (lab: Lab) => lab.netns.slice('/run/netns/'.length);
	const link = ['eth1', 'netns', netns(first), 'type', 'veth', 'peer', 'name', 'eth1', 'netns', netns(second)];
	await first.journal.run(['ip', 'link', 'add', ...link]);
	for (const [lab, address] of [
		[first, swarmAddress.first],
		[second, swarmAddress.second],
	] as const) {
		await lab.journal.run(enter(lab.netns, ['ip', 'addr', 'add', `${address}/24`, 'dev', 'eth1']));
		await lab.journal.run(enter(lab.netns, ['ip', 'link', 'set', 'eth1', 'up']));
	}
	await first.docker('swarm', 'init', '--advertise-addr', swarmAddress.first);
	const token = await first.docker('swarm', 'join-token', '-q', 'worker');
	await second.docker('swarm', 'join', '--advertise-addr', swarmAddress.second, '--token', token, swarmAddress.first);
}
