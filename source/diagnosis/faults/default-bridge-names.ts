import type {Fault} from '../fault.js';
import {askerOf, commonNetworks, targetOf} from '../inventory.js';

/** Both are on the default bridge, which has no DNS for names of containers. */
export const defaultBridgeNames: Fault = {
	id: 'default-bridge-names',
	words: {
		title: 'the default bridge knows no names',
		about:
			"On the engine's default network (bridge) containers are not known by name: only networks that you create have the embedded DNS at 127.0.0.11.",
		more: ['--link writes a name into /etc/hosts, and is the only one that works there.'],
		see: [['docker exec CONTAINER cat /etc/resolv.conf', "127.0.0.11 on a network of your own, the host's servers on the default bridge"]],
		todo: ['`docker network create NETWORK`, and start both containers with --network NETWORK.'],
	},
	atStop(stop) {
		const [asker, target] = [askerOf(stop), targetOf(stop)];
		if (stop.hop.cause !== 'name-not-found' || !asker || !target) return null;
		const common = commonNetworks(stop.snapshot, asker, target);
		if (common.length === 0 || common.some(({name}) => name !== 'bridge')) return null;
		return {
			summary: `${asker.name} and ${target.name} are on the default bridge, where containers have no names`,
			remedy: `docker network create app && docker network connect app ${asker.name} && docker network connect app ${target.name}`,
		};
	},
};
