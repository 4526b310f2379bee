import type {CauseId} from '../../model/index.js';
import type {Entry} from './entry.js';

/** Causes between interfaces: routes, links, bridges, neighbours. */
export const linkCauses = {
	'no-route': {
		title: 'no route leads there',
		about: 'The kernel knows no route for the destination, so the sender fails at once ("network is unreachable").',
		more: ['A container whose only network is internal has no default route.'],
		see: [['ip route get ADDRESS', 'the route that is taken, or the refusal']],
		todo: ['Add a route or a gateway; for a container, connect it to a network that leads there.'],
	},
	'route-refuses': {
		title: 'a route refuses it',
		about: 'The route for the destination is of a type that sends nothing: unreachable, prohibit, blackhole or throw.',
		more: [],
		see: [['ip route show table all', 'the route and its type']],
		todo: ['Delete that route if nobody needs it (VPN programs set such routes).'],
	},
	'link-down': {
		title: 'an interface is down',
		about: 'An interface on the way is switched off or has no carrier: nothing goes through it.',
		more: [],
		see: [['ip link show LINK', 'UP and LOWER_UP between the angle brackets']],
		todo: ['`ip link set LINK up`'],
	},
	'not-in-bridge': {
		title: 'an interface is not plugged into the bridge',
		about: "The host's end of the container's cable is not a port of the network's bridge, so the bridge does not reach the container.",
		more: [],
		see: [['brctl show BRIDGE', 'the interfaces that are plugged in']],
		todo: ['`ip link set LINK master BRIDGE`, and find out what took it out (NetworkManager, systemd-networkd).'],
	},
	'port-not-forwarding': {
		title: 'a port of the bridge does not forward',
		about:
			'The port is in a state that passes nothing (STP), is isolated from the other ports, or may not send a frame back where it came from (hairpin); or one of its flags (bridge(8)) keeps this frame back: broadcasts or frames for addresses that the bridge does not know are not flooded there, or it takes nothing from an address it does not know (locked).',
		more: [],
		see: [['bridge -d link show dev LINK', 'state, isolated, hairpin, learning, flood, bcast_flood, locked']],
		todo: [
			'Switch STP off for this bridge (`ip link set BRIDGE type bridge stp_state 0`), or isolation or hairpin for the port (`bridge link set dev LINK …`).',
		],
	},
	'no-neighbour': {
		title: 'nobody answers for the address on that link',
		about: 'The address should be on that link, but no interface there answers for it: "no route to host" after about three seconds.',
		more: [],
		see: [['ip neigh show ADDRESS', 'FAILED or INCOMPLETE']],
		todo: ['See whether the address is still that of a running container, and whether its interface is up and on this bridge.'],
	},
	'wrong-neighbour': {
		title: 'the neighbour entry names the wrong MAC address',
		about: 'The kernel sends the frame to a MAC address that the target does not have, so nobody takes it.',
		more: ['A permanent entry is never corrected by itself.'],
		see: [
			['ip neigh show ADDRESS', 'the MAC address in use'],
			['docker inspect CONTAINER', "the MAC address of the container's endpoint"],
		],
		todo: ['`ip neigh del ADDRESS dev LINK`'],
	},
	misrouted: {
		title: 'the route leads elsewhere',
		about: 'The packet is for a container or an address of this host, but its route leads to another interface: it never arrives.',
		more: ['Overlapping subnets are the usual reason: a VPN or a second bridge with the same range, or a more specific route.'],
		see: [['ip route get ADDRESS', 'the interface it leaves by']],
		todo: ['Delete the route that is in the way, or give the network another range (default-address-pools in daemon.json).'],
	},
	vanished: {
		title: 'seen at one place, not at the next',
		about: 'A trace saw the packet at one place and not at the next, and nothing that was read explains it.',
		more: [
			'Queueing disciplines, eBPF programs, a driver or the hardware can drop a packet without a rule. Counters that moved meanwhile are named with it.',
		],
		see: [
			['tc -s qdisc show dev LINK', 'dropped: rises with every request'],
			['ip -s link show LINK', 'dropped, errors'],
			['bpftool net show', 'programs on the link'],
			['nstat -az', 'counters of the network stack'],
		],
		todo: ['Look at what stands between the two places: take away the queueing discipline or the program, and trace again.'],
	},
} as const satisfies Partial<Record<CauseId, Entry>>;
