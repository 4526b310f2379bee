import type {Fault} from '../fault.js';
import {askerOf} from '../inventory.js';

/** host.docker.internal is a name of Docker Desktop; on Linux it has to be given. */
export const hostGatewayMissing: Fault = {
	id: 'host-gateway-missing',
	words: {
		title: 'host.docker.internal is not known in this container',
		about:
			'On Linux the name host.docker.internal exists only in containers that were started with --add-host host.docker.internal:host-gateway.',
		more: ['host-gateway stands for the address of the host on the default bridge, usually 172.17.0.1.'],
		see: [['docker exec CONTAINER cat /etc/hosts', 'a line with host.docker.internal']],
		todo: ['Start the container with --add-host host.docker.internal:host-gateway (Compose: extra_hosts).'],
	},
	atStop(stop) {
		const {hop} = stop;
		const asker = askerOf(stop);
		if (!asker || hop.kind !== 'dns' || hop.cause !== 'name-not-found' || !hostNames.test(hop.name)) return null;
		return {
			summary: `${asker.name} was not given the name ${hop.name}: on Linux it has to be`,
			remedy: `docker run --add-host ${hop.name}:host-gateway …`,
		};
	},
};

const hostNames = /^(host|gateway)\.(docker|containers)\.internal\.?$/i;
