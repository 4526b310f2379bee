import type {HopKind} from '../../model/index.js';
import {natWords} from './en.js';
import type {Entry} from './entry.js';

/** What each place on a path is. */
export const hopKindWords: Record<HopKind, Entry> = {
	client: {
		title: 'client',
		about: 'The program that asks. It opens a connection from a port of its own, and the answer has to find the way back to it.',
		more: [
			'A client on the LAN is somewhere behind the NIC: dockhop cannot run there, so its address stands for any neighbour of the host unless one is given (`--from lan:ADDRESS`).',
		],
		see: [['curl --fail --verbose http://ADDRESS:PORT/', 'the address that was tried, and how it ended']],
		todo: [],
	},
	dns: {
		title: 'name resolution',
		about: 'The name is turned into an address before any packet is sent. The first source that answers decides.',
		more: [
			'The order is that of /etc/nsswitch.conf: usually /etc/hosts first, then the servers of /etc/resolv.conf.',
			'In a container on a network of its own, the server is 127.0.0.11: the engine answers there for the names and aliases of containers on the same networks, and passes everything else on. On the default bridge there is no such server.',
		],
		see: [
			['docker exec CONTAINER cat /etc/hosts /etc/resolv.conf', 'the lines and servers that are asked'],
			['docker exec CONTAINER getent ahosts NAME', 'what the container itself gets'],
		],
		todo: [],
	},
	process: {
		title: 'process',
		about: 'The program that owns the listening socket: it takes the connection and answers.',
		more: ['A program that is frozen (paused) still completes the handshake, because its kernel does that; the answer never comes.'],
		see: [['nsenter -t PID -n ss -tlnp', 'sockets that listen in that network namespace, with their owners']],
		todo: [],
	},
	port: {
		title: 'port',
		about:
			"The listening socket that would take the request. It belongs to one address: 0.0.0.0 and :: take any, 127.0.0.1 only the container's own.",
		more: ['Where nothing listens, the kernel refuses at once ("connection refused").'],
		see: [['nsenter -t PID -n ss -tln', 'every listening address and port in the container']],
		todo: [],
	},
	interface: {
		title: 'interface in the container',
		about: "The container's own network interface: the inner end of a veth pair on a bridge network.",
		more: ['What goes into one end of a veth pair comes out at the other, which is on the host.'],
		see: [['nsenter -t PID -n ip addr', 'its addresses and whether it is up']],
		todo: [],
	},
	veth: {
		title: 'virtual interface on the host',
		about: "The host's end of the container's cable (veth). It is plugged into the bridge of the network.",
		more: ['As a port of the bridge it has a state: only a port in state "forwarding" passes frames.'],
		see: [
			['ip -d link show LINK', 'its bridge (master), whether it is up'],
			['bridge -d link show dev LINK', 'its state as a port, hairpin, isolated'],
		],
		todo: [],
	},
	bridge: {
		title: 'virtual bridge',
		about: "The network's switch: it joins the containers of one network at layer 2, and its own address is their gateway to the host.",
		more: ['docker0 is the bridge of the default network; every other bridge network has br-… with the first twelve digits of its id.'],
		see: [
			['brctl show BRIDGE', 'its id, STP, and the interfaces plugged in'],
			['bridge fdb show br BRIDGE', 'which MAC address is behind which port'],
		],
		todo: [],
	},
	netfilter: {
		title: 'packet filter and address translation',
		about: 'The rules of the kernel (iptables, nftables) that accept, refuse or rewrite the packet at this point of its way.',
		more: [
			natWords({destination: true, source: false}),
			natWords({destination: false, source: true}),
			natWords({destination: true, source: true}),
			'A published port is a rule of the first kind. The answer is rewritten back by the connection table, without rules.',
			'All base chains of a hook are met in the order of their priority, whoever made them. "accept" ends only the chain at hand; "drop" ends everything.',
		],
		see: [
			['iptables-save -c', 'the rules and how many packets each has matched'],
			['nft list ruleset', "the same and everybody else's tables"],
		],
		todo: [],
	},
	route: {
		title: 'routing decision',
		about:
			'The kernel chooses by the destination where the packet goes: to this host itself, or out by which interface and to which next address.',
		more: [
			'The most specific route wins; policy rules may choose another table first. Between two interfaces, forwarding has to be switched on.',
		],
		see: [
			['ip route get ADDRESS', 'the route that is taken'],
			['ip rule', 'which tables are looked up'],
		],
		todo: [],
	},
	neighbour: {
		title: 'neighbour',
		about: 'The next address is turned into a MAC address, by ARP (IPv4) or neighbour discovery (IPv6), before the frame can be sent.',
		more: ['Where nobody answers, the sender gets "no route to host" after about three seconds.'],
		see: [['ip neigh show dev LINK', 'the entry and its state']],
		todo: [],
	},
	proxy: {
		title: 'docker-proxy',
		about:
			"A small program of the engine that holds the published port on the host. It takes the connection there and opens a second one to the container, so the container sees the bridge's address as its client.",
		more: [
			'It serves requests that the address translation does not catch, such as those of the host to 127.0.0.1 (on most engines) or to ::1.',
			'It accepts before it has reached the container: an accepted connection that closes at once means that the container refused.',
		],
		see: [['pgrep -a docker-proxy', 'one process per published port and address']],
		todo: [],
	},
	nic: {
		title: 'network interface of the host',
		about: 'The link by which the packet enters or leaves this host.',
		more: ['Usually a card; it may be a bond, a VLAN, a tunnel or lo as well.'],
		see: [['ip -s link show LINK', 'whether it is up, and what it counted']],
		todo: [],
	},
	macvlan: {
		title: 'macvlan on a link of the host',
		about:
			'Several macvlan interfaces share one link of the host. The kernel gives each frame that comes in there to the interface that has its MAC address, and what they send to one another it hands over at once (mode bridge).',
		more: [
			"Such a container stands in the LAN beside the host: the host's bridges, address translation and firewall are not on the way, only the hooks of the link itself (netdev).",
			'What the host sends by that link never comes to them, nor theirs to the host.',
		],
		see: [['ip -d link show type macvlan', 'its mode, and the link that it stands on (after the @)']],
		todo: [],
	},
	vxlan: {
		title: 'tunnel between hosts',
		about: 'On an overlay network the frame is packed into a UDP packet (port 4789) and sent to the host where the other container runs.',
		more: ['What happens behind it is on another host, and cannot be seen from here.'],
		see: [['ip -d link show type vxlan', 'its identifier and the port']],
		todo: [],
	},
	outside: {
		title: 'beyond this host',
		about: 'The packet has left through the NIC, and what becomes of it cannot be seen from here.',
		more: [],
		see: [['traceroute ADDRESS', 'the routers on the way that answer']],
		todo: [],
	},
	unexplained: {
		title: 'a part that is not explained',
		about: 'Between the hop before and the hop after there is something that dockhop does not explain yet, so nothing is claimed about it.',
		more: [],
		see: [],
		todo: ['Send the request (p, `dockhop probe`): it tells whether it arrives, if not why.'],
	},
};
