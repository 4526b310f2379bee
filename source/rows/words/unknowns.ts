import type {UnknownId} from '../../model/index.js';
import type {Entry} from './entry.js';

/** Why something cannot be told. */
export const unknownWords: Record<UnknownId, Entry> = {
	'no-permission': {
		title: 'the right to read it is lacking',
		about: 'The kernel or the engine shows this only to root, or to the group that owns the socket.',
		more: ['Rules, sockets of other users and the inside of containers need root. Links, addresses and routes do not.'],
		see: [['id', 'who you are, and your groups']],
		todo: ['Run `sudo dockhop`.'],
	},
	'no-program': {
		title: 'the program that reads it is not installed',
		about: 'dockhop reads the kernel through its own tools (ip, bridge, iptables-save, nft, ss), and one of them is missing here.',
		more: [],
		see: [['dockhop info', 'every reader, and what is missing']],
		todo: ['Install the package that has it: iproute2, iptables, nftables or ipset.'],
	},
	'other-namespace': {
		title: "the engine's bridges are in another network namespace",
		about: 'The engine runs in a network namespace of its own (rootless, or Docker in Docker), and dockhop does not read that one.',
		more: ["The bridges of the inventory are not among this namespace's links, so the rules and routes here say nothing about them."],
		see: [['lsns -t net', 'the network namespaces, and a process in each']],
		todo: ['Run dockhop as root, so that it may enter that namespace, or inside it: `nsenter --net=FILE dockhop`.'],
	},
	'other-host': {
		title: 'the engine runs on another host',
		about: 'The engine answers over the network, but the kernel that carries its bridges is that of the other host, and is not read.',
		more: [],
		see: [['docker context ls', 'which engine is asked']],
		todo: ['Run dockhop on that host.'],
	},
	'no-engine': {
		title: 'the engine did not answer',
		about: 'Nothing could be read from the Docker Engine, so it is not known which containers and networks there are.',
		more: [],
		see: [['docker version', 'whether the engine answers, and where it is asked']],
		todo: ['Start the engine, or say where it is: --host URL, --context NAME, DOCKER_HOST.'],
	},
	'read-failed': {
		title: 'what was read could not be understood',
		about: 'The program or file answered with something else than expected, or not in time.',
		more: [],
		see: [['dockhop info', 'what each reader said']],
		todo: ['Run the command that is named at the hop by hand.'],
	},
	'not-recorded': {
		title: 'the recording does not hold it',
		about: 'The recording was made without this group of facts, so they cannot be had now.',
		more: [],
		see: [],
		todo: ['Make the recording anew, as root: `sudo dockhop record FILE`.'],
	},
	'not-read': {
		title: 'it was not read this time',
		about: 'This group of facts was not asked for when the snapshot was taken.',
		more: [],
		see: [],
		todo: ['Read again (r), or open the flow that needs it.'],
	},
	'rule-not-understood': {
		title: 'a rule on the way was not understood',
		about: 'A firewall rule uses a match or a target that dockhop does not know, and whether it matches could change the answer.',
		more: ['A rule of that kind that cannot matter for this request is a note, not an unknown.'],
		see: [['iptables-save -c', 'the rule, and whether its counter moves when you ask']],
		todo: ['Send the request (`dockhop probe`): it tells whether it arrives.'],
	},
	'no-fixed-answer': {
		title: 'the rule answers differently from packet to packet',
		about: 'The rule limits a rate, throws dice, or leaves the decision to a program: the next packet may fare differently from the last.',
		more: [],
		see: [['iptables-save -c', 'the rule (limit, statistic, NFQUEUE, …) and its counter']],
		todo: ['Send the request several times.'],
	},
	'chain-order': {
		title: 'which of two chains comes first is not known',
		about:
			'Two chains of different tables have the same priority on one hook. The kernel asks the one first that was made last, no dump of the rules says which that is, and here it changes the answer.',
		more: [
			'iptables-legacy, iptables and nft may all have a chain at priority 0. Where each leaves the packet as it is, or every order comes to the same end, the order does not matter and the answer stands.',
		],
		see: [
			['nft list hooks', 'the order itself, on a kernel built with CONFIG_NETFILTER_NETLINK_HOOK (Linux 5.14) and with nft 1.0.1 or later'],
			['nft list chains', 'the priority of each chain'],
		],
		todo: [
			'Follow a real request (`dockhop trace`): the kernel names the chains in its own order.',
			'Give one of the two chains another priority.',
		],
	},
	'driver-not-explained': {
		title: 'networks of this driver are not explained yet',
		about: 'dockhop does not know how packets travel in a network of this driver, so it claims nothing about them.',
		more: [],
		see: [['docker network inspect NETWORK', 'the driver and its options']],
		todo: ['Send the request (`dockhop probe`): it tells whether it arrives.'],
	},
	'name-not-asked': {
		title: 'the name has no answer from here',
		about: 'Only a server outside can answer for this name, and none did.',
		more: [],
		see: [['getent ahosts NAME', 'what this host gets']],
		todo: ['Ask by address instead of by name.'],
	},
	'stale-memory': {
		title: 'what the kernel remembers is out of date',
		about:
			'The kernel remembers the MAC addresses of its neighbours, and a bridge at which port each is. Where that is wrong or missing, packets are lost until it asks anew: some seconds after the first one.',
		more: ['A container that came back with another MAC address is a usual reason.'],
		see: [
			['ip neigh show ADDRESS', 'the MAC address that is used'],
			['bridge fdb show br BRIDGE', 'the port at which the bridge knows it'],
		],
		todo: ['Ask again after ten seconds, or forget the entry: `ip neigh flush to ADDRESS`.'],
	},
	'out-of-sight': {
		title: 'it lies behind what can be seen',
		about: 'The packet goes on to another host or through a tunnel, whose kernel is not read.',
		more: [],
		see: [],
		todo: ['Run dockhop there as well.'],
	},
};
