import type {Entry} from './entry.js';

/** Kinds of network, by the word that a person would use; `container` is `--network container:NAME`. */
export const driverWords: Record<'bridge' | 'host' | 'none' | 'container' | 'macvlan' | 'ipvlan' | 'overlay', Entry> = {
	bridge: {
		title: 'network of the driver bridge',
		about: 'Joins its containers at layer 2 by a virtual bridge on the host. The host is their NAPT router to everything else.',
		more: [
			"Each container has an interface (eth0) whose other end is a veth on the host, plugged into docker0 or br-…. A published port is a rule that rewrites the host's address and port to the container's; on the way out the container's address is rewritten to the host's.",
		],
		see: [['brctl show', 'the bridges and the veths in them']],
		todo: [],
	},
	host: {
		title: 'network of the driver host',
		about: "Its containers use the host's own interfaces and addresses: no veth, no bridge, no NAPT, nothing to publish.",
		more: ['A port that such a container listens on is a port of the host. Published ports (-p) are ignored.'],
		see: [['ss -tlnp', 'sockets that listen on the host, containers of this kind included']],
		todo: [],
	},
	none: {
		title: 'network of the driver null',
		about: 'Joins its containers to nothing: they have lo alone. No veth, no bridge.',
		more: ['Such a container reaches only itself, and is reached by nobody else.'],
		see: [['nsenter -t PID -n ip addr', 'lo and nothing else']],
		todo: [],
	},
	container: {
		title: "another container's network",
		about: 'The container shares the network namespace of another one: same interfaces, same addresses, same ports, same 127.0.0.1.',
		more: [
			'What is to be published is published by the container that owns the namespace. If that one is started anew, those that share it have to be started anew too.',
		],
		see: [['docker inspect --format {{.HostConfig.NetworkMode}} CONTAINER', 'container: and the id of the owner']],
		todo: [],
	},
	macvlan: {
		title: 'network of the driver macvlan',
		about:
			"Gives each container an interface of its own on the host's link, with its own MAC address: it stands in the LAN beside the host.",
		more: [
			'There is no bridge, no NAPT and no published port, and the rules of the host do not see its packets. The host itself and its macvlan containers do not reach each other over that link, unless the host has a macvlan interface there too.',
		],
		see: [['nsenter -t PID -n ip -d link', 'the interface, of kind macvlan']],
		todo: [],
	},
	ipvlan: {
		title: 'network of the driver ipvlan',
		about: "Gives each container an address on the host's link under the host's own MAC address (mode l2), or routes it there (mode l3).",
		more: ['There is no bridge, no NAPT and no published port. The host and its ipvlan containers do not reach each other over that link.'],
		see: [['nsenter -t PID -n ip -d link', 'the interface, of kind ipvlan']],
		todo: [],
	},
	overlay: {
		title: 'network of the driver overlay',
		about: 'Joins containers on several hosts of a swarm: frames travel between the hosts packed into UDP (VXLAN, port 4789).',
		more: [
			'The bridge and the tunnel are in a network namespace that the engine keeps for this network. What is published goes through the ingress network.',
		],
		see: [['docker network inspect --verbose NETWORK', 'its peers and the services in it']],
		todo: [],
	},
};
