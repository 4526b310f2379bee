import type {Fault} from '../fault.js';

/** Faults that nothing on this host shows for certain: a page each, for `dockhop explain`, that says by what they are known. Not tested live. */
export const pages: readonly Fault[] = [
	{
		id: 'never-arrives',
		words: {
			title: 'the request never comes to this host',
			about:
				'From the LAN it works, from farther away nothing arrives: a security group of the cloud, the firewall of the hypervisor or the router, the provider, or an address behind carrier-grade NAT stops it before this host.',
			more: ['`dockhop flow --from lan` says what this host would do with it; what lies before its NIC it cannot see.'],
			see: [
				['dockhop trace TARGET --from lan', 'whether a request comes in at the NIC while somebody asks from outside'],
				['tcpdump -ni any tcp port PORT', 'nothing while they ask: it does not come as far as here'],
			],
			todo: ['Open the port there: in the security group, the firewall, the forwarding of the router.'],
		},
	},
	{
		id: 'bad-checksums',
		words: {
			title: 'packets are thrown away for their checksums',
			about:
				'A NIC (or the virtual one of a hypervisor) that computes checksums for tunnels (vxlan) wrongly sends packets that the receiver throws away without a word: UDP and overlay networks stay silent while ping works.',
			more: [],
			see: [
				['nstat -az TcpInCsumErrors UdpInCsumErrors', 'numbers that grow, on the receiver'],
				['tcpdump -vvni LINK udp', '"bad udp cksum"'],
			],
			todo: ['`ethtool -K LINK tx-checksum-ip-generic off` on the sender.'],
		},
	},
	{
		id: 'stale-udp-entry',
		words: {
			title: 'an old entry leads UDP packets elsewhere',
			about:
				'The connection table remembers where the packets of a UDP client went. Where the client goes on from the same port while the container is created anew, its packets follow the old entry past the new rule: it gets no answer until the entry runs out.',
			more: [
				'Engines since 23.0 delete these entries when a port is published.',
				'Where docker-proxy runs it serves such a client all the same; with "userland-proxy": false the client gets nothing (seen on engine 20.10).',
			],
			see: [['conntrack -L -p udp --orig-port-dst PORT', 'an entry whose answer comes from an address that no container has']],
			todo: ['`conntrack -D -p udp --orig-port-dst PORT`'],
		},
	},
	{
		id: 'raw-table-missing',
		words: {
			title: 'the kernel has no raw table',
			about:
				'Engines since 28 put rules into the table raw. Where the kernel lacks it (some NAS systems and custom kernels), containers with published ports do not start: "can\'t initialize iptables table `raw\'".',
			more: [],
			see: [['iptables -t raw -L', 'the same error']],
			todo: ['Load the module iptable_raw, or start dockerd with the environment variable DOCKER_INSECURE_NO_IPTABLES_RAW=1.'],
		},
	},
	{
		id: 'other-virtual-host',
		words: {
			title: 'the program answers only for other names',
			about:
				'The network is in order: the program answers with 404, 403, 421 or "Invalid Host header", because the request names another host (an address, localhost) than those that it serves.',
			more: ['Reverse proxies (nginx, Traefik) choose by the Host header, Django and dev servers allow only listed ones.'],
			see: [['curl --resolve NAME:PORT:ADDRESS http://NAME:PORT/', 'the same connection, with the right name: an answer']],
			todo: ['Ask by the right name, or allow this one (ALLOWED_HOSTS, allowedHosts, server_name).'],
		},
	},
	{
		id: 'overlay-closed',
		words: {
			title: 'the overlay network does not get through between hosts',
			about:
				'Packets of an overlay network travel in UDP port 4789 between the hosts, its news in 7946 (TCP and UDP). Where a firewall or another user of 4789 (VMware NSX) stops them, names are found and connections time out.',
			more: ['With encryption ESP (IP protocol 50) has to pass as well.'],
			see: [['tcpdump -ni NIC udp port 4789', 'packets that leave here and do not come in there']],
			todo: ['Open 4789/udp and 7946 between the hosts, or choose another port: docker swarm init --data-path-port.'],
		},
	},
];
