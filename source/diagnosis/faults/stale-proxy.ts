import {canonical, hostPort} from '../../address/ip.js';
import {valueOr} from '../../snapshot/netns.js';
import {noticed, observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {runningOf} from '../inventory.js';

/** A docker-proxy that has outlived its container: it holds the port and dials an address that nobody has. */
export const staleProxy: Fault = {
	id: 'stale-proxy',
	words: {
		title: 'a docker-proxy has outlived its container',
		about:
			'A docker-proxy process holds a port of the host for an address that no running container has. Connections to the port open and then fail, and no container can publish it.',
		more: ['It happens where the engine was killed while containers ran.'],
		see: [['pgrep -a docker-proxy', 'its -container-ip and -host-port']],
		todo: ['`kill PID` of that docker-proxy, or restart the engine.'],
	},
	onHost(snapshot) {
		const addresses = new Set(
			runningOf(snapshot).flatMap(({endpoints}) => endpoints.flatMap(({address, address6}) => [address, address6])),
		);
		const known = new Set([...addresses].flatMap(address => (address === null ? [] : [canonical(address)])));
		return valueOr(snapshot.proxies, [])
			.filter(({containerAddress}) => !known.has(canonical(containerAddress)))
			.map(proxy =>
				noticed({
					id: 'stale-proxy',
					severity: 'warning',
					summary: `docker-proxy (${proxy.pid}) holds ${hostPort(proxy.hostAddress, proxy.hostPort)} for ${proxy.containerAddress}, which no running container has`,
					remedy: `kill ${proxy.pid}`,
					evidence: [
						observed(`it dials ${hostPort(proxy.containerAddress, proxy.containerPort)}`, '/proc/PID/cmdline', `ps -fp ${proxy.pid}`),
					],
				}),
			);
	},
};
