import type {Lab} from '../lab/lab.ts';

/**
 * A fault that has no name: whatever a hand or a program may have done to a host. dockhop must say where the request stops, or that
 * it cannot tell; what the real request does is asked of the kernel, not written here.
 */
export interface Mischief {
	name: string;
	/** Lines of sh on the host, with $WEB, $PID_WEB, $VETH_WEB, … of each container, $BR of appnet. */
	make: string;
	undo: string;
	/** Arguments of `dockhop flow`. */
	flow: string[];
	/** The same request for real: who sends it, and to where. */
	real: ['lan' | 'host' | 'app' | 'tiny', string];
	/** Kinds of hops at which it stops; absent: the real request arrives. */
	at?: string[];
	/** Nothing that can be read says so for certain: dockhop cannot tell (or stops at one of `at`), or only a real request shows it. */
	unseen?: 'undetermined' | 'probe';
	not?: string[];
}

export const mischiefs: Mischief[] = [
	{
		name: 'a routing rule inside the asking container',
		make: 'nsenter -t $PID_APP -n ip rule add to $WEB blackhole priority 50',
		undo: 'nsenter -t $PID_APP -n ip rule del priority 50',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['route'],
	},
	{
		name: 'a drop at the ingress of the NIC (nft netdev)',
		make: 'nft "add table netdev early; add chain netdev early in { type filter hook ingress device eth0 priority 0; }; add rule netdev early in tcp dport 8080 drop"',
		undo: 'nft delete table netdev early',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['netfilter'],
	},
	{
		name: 'a drop at the ingress of a veth (nft netdev)',
		make: 'nft "add table netdev early; add chain netdev early in { type filter hook ingress device $VETH_WEB priority 0; }; add rule netdev early in tcp sport 80 drop"',
		undo: 'nft delete table netdev early',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['netfilter'],
	},
	{
		name: 'a drop between two ports of a bridge (nft bridge)',
		make: 'nft "add table bridge blk; add chain bridge blk f { type filter hook forward priority -10; }; add rule bridge blk f tcp dport 80 drop"',
		undo: 'nft delete table bridge blk',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['netfilter'],
	},
	{
		name: 'a drop of ARP between two ports of a bridge (nft bridge)',
		make: 'nft "add table bridge blk; add chain bridge blk f { type filter hook forward priority 0; }; add rule bridge blk f ether type arp drop"; nsenter -t $PID_APP -n ip neigh flush all; nsenter -t $PID_WEB -n ip neigh flush all',
		undo: 'nft delete table bridge blk',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['neighbour'],
		unseen: 'undetermined',
	},
	{
		name: 'a drop of ARP on the host (nft arp)',
		make: 'nft "add table arp noarp; add chain arp noarp in { type filter hook input priority 0; }; add rule arp noarp in drop"; ip neigh flush all',
		undo: 'nft delete table arp noarp',
		flow: ['www:80'],
		real: ['host', 'http://127.0.0.1:8080/'],
		at: ['neighbour'],
		unseen: 'undetermined',
	},
	{
		name: 'a wrong netmask inside the target',
		make: 'nsenter -t $PID_WWW -n ip addr add 10.99.0.77/8 dev eth0',
		undo: 'nsenter -t $PID_WWW -n ip addr del 10.99.0.77/8 dev eth0',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['neighbour', 'bridge'],
	},
	{
		name: 'packets with a mark go by another table',
		make: 'iptables -t mangle -I PREROUTING -i eth0 -p tcp --dport 8080 -j MARK --set-mark 7; ip rule add fwmark 7 table 77 priority 60; ip route add unreachable default table 77',
		undo: 'iptables -t mangle -D PREROUTING -i eth0 -p tcp --dport 8080 -j MARK --set-mark 7; ip rule del priority 60; ip route flush table 77',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['route'],
	},
	{
		name: 'answers of a subnet go by another table',
		make: 'ip rule add from 172.17.0.0/16 table 78 priority 61; ip route add default via 10.99.0.77 dev eth0 table 78',
		undo: 'ip rule del priority 61; ip route flush table 78',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		unseen: 'undetermined',
	},
	{
		name: 'a route inside the target leads the answer astray',
		make: 'nsenter -t $PID_WWW -n ip route add 10.99.0.0/24 dev lo',
		undo: 'nsenter -t $PID_WWW -n ip route del 10.99.0.0/24 dev lo',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['port', 'route', 'interface', 'process'],
	},
	{
		name: 'a DNAT before the one of the engine, to nobody',
		make: 'iptables -t nat -I PREROUTING -p tcp --dport 8080 -j DNAT --to 172.17.0.250:80',
		undo: 'iptables -t nat -D PREROUTING -p tcp --dport 8080 -j DNAT --to 172.17.0.250:80',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['neighbour', 'netfilter'],
	},
	{
		name: 'a REDIRECT to a port where nobody listens',
		make: 'iptables -t nat -I PREROUTING -p tcp --dport 8080 -j REDIRECT --to-ports 9999',
		undo: 'iptables -t nat -D PREROUTING -p tcp --dport 8080 -j REDIRECT --to-ports 9999',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['port'],
	},
	{
		name: 'the target does not ask for neighbours (arp off)',
		make: 'nsenter -t $PID_WEB -n ip link set eth0 arp off; ip neigh flush all; nsenter -t $PID_APP -n ip neigh flush all',
		undo: 'nsenter -t $PID_WEB -n ip link set eth0 arp on',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['neighbour', 'interface'],
	},
	{
		name: 'the target answers no ARP (arp_ignore=8)',
		make: 'nsenter -t $PID_WEB -n sysctl -qw net.ipv4.conf.eth0.arp_ignore=8; ip neigh flush all; nsenter -t $PID_APP -n ip neigh flush all',
		undo: 'nsenter -t $PID_WEB -n sysctl -qw net.ipv4.conf.eth0.arp_ignore=0',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['neighbour', 'interface'],
	},
	{
		name: 'a TTL that ends on this host',
		make: 'iptables -t mangle -I PREROUTING -i eth0 -p tcp --dport 8080 -j TTL --ttl-set 1',
		undo: 'iptables -t mangle -D PREROUTING -i eth0 -p tcp --dport 8080 -j TTL --ttl-set 1',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['route'],
	},
	{
		name: 'forwarding switched off on the NIC alone',
		make: 'sysctl -qw net.ipv4.conf.eth0.forwarding=0',
		undo: 'sysctl -qw net.ipv4.conf.eth0.forwarding=1',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['route'],
	},
	{
		name: 'a static FDB entry that points at another port',
		make: 'MAC=$(nsenter -t $PID_WEB -n cat /proc/$PID_WEB/root/sys/class/net/eth0/address); bridge fdb replace $MAC dev $VETH_APP master static sticky',
		undo: 'MAC=$(nsenter -t $PID_WEB -n cat /proc/$PID_WEB/root/sys/class/net/eth0/address); bridge fdb del $MAC dev $VETH_APP master',
		flow: ['web:80'],
		real: ['host', 'http://$WEB/'],
		at: ['bridge', 'veth', 'neighbour'],
	},
	{
		name: 'a port of the bridge that takes no floods',
		make: 'bridge link set dev $VETH_WEB flood off bcast_flood off; ip neigh flush all; nsenter -t $PID_APP -n ip neigh flush all; nsenter -t $PID_WEB -n ip neigh flush all',
		undo: 'bridge link set dev $VETH_WEB flood on bcast_flood on',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['veth', 'neighbour', 'bridge'],
	},
	{
		name: 'no tracking of the request (NOTRACK)',
		make: 'iptables -t raw -I PREROUTING -i eth0 -p tcp --dport 8080 -j CT --notrack',
		undo: 'iptables -t raw -D PREROUTING -i eth0 -p tcp --dport 8080 -j CT --notrack',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
	},
	{
		name: 'the kernel remembers an old MAC address',
		make: 'MAC=02:00:00:00:00:55; nsenter -t $PID_WEB -n sh -c "ip link set eth0 down; ip link set eth0 address $MAC; ip link set eth0 up; ip route add default via $GW dev eth0"; ip neigh replace $WEB lladdr 02:42:ac:12:00:aa nud reachable dev $BR',
		undo: 'ip neigh del $WEB dev $BR',
		flow: ['web:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8081/'],
		at: ['neighbour'],
	},
	{
		name: 'the owner of the request is refused (owner match)',
		make: 'iptables -I OUTPUT -m owner --uid-owner 0 -p tcp --dport 8080 -j DROP',
		undo: 'iptables -D OUTPUT -m owner --uid-owner 0 -p tcp --dport 8080 -j DROP',
		flow: ['www:80'],
		real: ['host', 'http://127.0.0.1:8080/'],
		at: ['netfilter'],
	},
	{
		name: 'lo is down inside the asking container',
		make: 'nsenter -t $PID_APP -n ip link set lo down',
		undo: 'nsenter -t $PID_APP -n ip link set lo up',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['dns', 'interface'],
	},
	{
		name: 'lo is down on the host',
		make: 'ip link set lo down',
		undo: 'ip link set lo up',
		flow: ['www:80'],
		real: ['host', 'http://127.0.0.1:8080/'],
		at: ['interface', 'route'],
	},
	{
		name: 'the clients may not be answered (prohibit route)',
		make: 'ip route add prohibit 10.99.0.2/32',
		undo: 'ip route del prohibit 10.99.0.2/32',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['route', 'port', 'process', 'netfilter'],
	},
	{
		name: "the host has the container's address itself",
		make: 'ip addr add $WWW/32 dev lo',
		undo: 'ip addr del $WWW/32 dev lo',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['route', 'port'],
	},
	{
		name: 'a blocklist in a set (nft), with the client in it',
		make: 'nft "add table inet ban; add set inet ban bad { type ipv4_addr; flags interval; elements = { 10.99.0.0/30 } }; add chain inet ban in { type filter hook prerouting priority -300; }; add rule inet ban in ip saddr @bad drop"',
		undo: 'nft delete table inet ban',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['netfilter'],
	},
	{
		name: "one rule of the engine's is gone: the ACCEPT of a published port",
		make: 'iptables-save -t filter | grep -- "-A DOCKER .*-d $WWW/32 .*ACCEPT" | sed s/^-A/-D/ | xargs -L1 iptables',
		undo: 'iptables -I DOCKER -d $WWW/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		at: ['netfilter'],
	},
	{
		name: 'docker-proxy was killed',
		make: 'kill $(ss -tlnpH "sport = :8181" | grep -o "pid=[0-9]*" | head -1 | cut -d= -f2); sleep 0.3',
		undo: 'docker restart -t 0 tiny; sleep 1',
		flow: ['tiny:80'],
		real: ['host', 'http://127.0.0.1:8181/'],
		at: ['port', 'proxy'],
	},
	{
		name: 'docker-proxy was stopped (SIGSTOP)',
		make: 'kill -STOP $(ss -tlnpH "sport = :8181" | grep -o "pid=[0-9]*" | head -1 | cut -d= -f2)',
		undo: 'kill -CONT $(ss -tlnpH "sport = :8181" | grep -o "pid=[0-9]*" | head -1 | cut -d= -f2)',
		flow: ['tiny:80'],
		real: ['host', 'http://127.0.0.1:8181/'],
		at: ['port', 'proxy', 'process'],
	},
	{
		name: 'the process was stopped (SIGSTOP)',
		make: 'kill -STOP $PID_WEB',
		undo: 'kill -CONT $PID_WEB',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['process'],
	},
	{
		name: "the embedded DNS's own rules were flushed",
		make: 'nsenter -t $PID_APP -n iptables -t nat -F',
		undo: 'docker restart -t 0 app',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['dns'],
	},
	{
		name: 'a wrong line in /etc/hosts',
		make: 'docker exec app sh -c "echo 172.18.0.99 web >> /etc/hosts"',
		undo: 'docker restart -t 0 app',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['neighbour', 'dns'],
	},
	{
		name: 'a wrong server in resolv.conf',
		make: 'docker exec app sh -c "echo nameserver 10.99.0.77 > /etc/resolv.conf"',
		undo: 'docker restart -t 0 app',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['dns'],
	},
	{
		name: 'nsswitch.conf without dns',
		make: 'docker exec app sh -c "echo hosts: files > /etc/nsswitch.conf"',
		undo: 'docker exec app sh -c "echo hosts: files dns > /etc/nsswitch.conf"',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		at: ['dns'],
	},
	{
		name: 'a policy of IPsec that blocks',
		make: 'ip xfrm policy add dir out src 0.0.0.0/0 dst $WWW/32 action block',
		undo: 'ip xfrm policy flush',
		flow: ['$WWW:80'],
		real: ['host', 'http://$WWW/'],
		unseen: 'probe',
	},
	{
		name: 'a queue that swallows what leaves by a veth (tbf)',
		make: 'tc qdisc add dev $VETH_WEB root tbf rate 1kbit burst 20b limit 20b',
		undo: 'tc qdisc del dev $VETH_WEB root',
		flow: ['web:80', '--from', 'app'],
		real: ['app', 'http://web/'],
		unseen: 'probe',
	},
	{
		name: 'half of all packets are lost at random',
		make: 'nft "add table inet loss; add chain inet loss f { type filter hook forward priority 0; }; add rule inet loss f tcp dport 80 numgen random mod 2 < 1 drop"',
		undo: 'nft delete table inet loss',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		unseen: 'undetermined',
	},
	{
		name: 'no more than no connections (connlimit)',
		make: 'iptables -I DOCKER-USER -i eth0 -p tcp -m connlimit --connlimit-above 0 -j REJECT',
		undo: 'iptables -D DOCKER-USER -i eth0 -p tcp -m connlimit --connlimit-above 0 -j REJECT',
		flow: ['www:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8080/'],
		unseen: 'undetermined',
	},
];

/** The addresses, pids and links of a lab, for the lines of sh. They change with a restart, so they are asked for each time. */
export async function namesOfLab(lab: Lab): Promise<Record<string, string>> {
	const [inspected, network, host] = await Promise.all([
		lab.docker('inspect', 'www', 'web', 'app', 'tiny'),
		lab.docker('network', 'inspect', 'appnet'),
		lab.host(['ip', '-j', 'link']),
	]);
	const containers: {Name: string; State: {Pid: number}; NetworkSettings: {Networks: Record<string, {IPAddress: string}>}}[] =
		JSON.parse(inspected);
	const [{Id, IPAM}]: [{Id: string; IPAM: {Config: {Gateway: string}[]}}] = JSON.parse(network);
	const links: {ifindex: number; ifname: string}[] = JSON.parse(host.stdout);
	const each = containers.map(async ({Name, State: {Pid}, NetworkSettings: {Networks}}) => {
		const key = Name.slice(1).toUpperCase();
		const inside = await lab.host(['nsenter', '-t', String(Pid), '-n', 'ip', '-j', 'link', 'show', 'eth0']);
		const [{link_index: index}] = JSON.parse(inside.stdout);
		const veth = links.find(link => link.ifindex === index)?.ifname ?? '';
		return {[key]: Object.values(Networks)[0]?.IPAddress ?? '', [`PID_${key}`]: String(Pid), [`VETH_${key}`]: veth};
	});
	return Object.assign({BR: `br-${Id.slice(0, 12)}`, GW: IPAM.Config[0]?.Gateway ?? ''}, ...(await Promise.all(each)));
}
