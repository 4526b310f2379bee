import type {Mischief} from './mischief.ts';

const lanToWww = {flow: ['www:80', '--from', 'lan'], real: ['lan', 'http://10.99.0.1:8080/']} satisfies Partial<Mischief>;
const appToWeb = {flow: ['web:80', '--from', 'app'], real: ['app', 'http://web/']} satisfies Partial<Mischief>;

/** Mischief that leads a packet, or its answer, where it should not go, or into a place where nobody looks for it. */
export const detours: Mischief[] = [
	{
		name: 'the asking container drops the answer',
		make: 'nsenter -t $PID_APP -n iptables -A INPUT -p tcp --sport 80 -j DROP',
		undo: 'nsenter -t $PID_APP -n iptables -F INPUT',
		...appToWeb,
		at: ['netfilter'],
	},
	{
		name: 'its own NIC is sent by another table',
		make: 'ip rule add iif eth0 table 79 priority 62; ip route add unreachable 172.16.0.0/12 table 79',
		undo: 'ip rule del priority 62; ip route flush table 79',
		...lanToWww,
		at: ['route'],
	},
	{
		name: 'a local route for its address',
		make: 'ip route add local $WWW dev lo',
		undo: 'ip route del local $WWW dev lo',
		...lanToWww,
		at: ['route', 'port'],
	},
	{
		name: 'RETURN before the DNAT of the engine',
		make: 'iptables -t nat -I PREROUTING -p tcp --dport 8080 -j RETURN',
		undo: 'iptables -t nat -D PREROUTING -p tcp --dport 8080 -j RETURN',
		...lanToWww,
	},
	{
		name: 'a DROP behind all (mangle POSTROUTING)',
		make: 'iptables -t mangle -I POSTROUTING -o docker0 -p tcp --dport 80 -j DROP',
		undo: 'iptables -t mangle -F POSTROUTING',
		...lanToWww,
		at: ['netfilter'],
	},
	{
		name: 'SNAT to an address outside',
		make: 'iptables -t nat -I POSTROUTING -o docker0 -p tcp --dport 80 -j SNAT --to 192.0.2.77',
		undo: 'iptables -t nat -D POSTROUTING -o docker0 -p tcp --dport 80 -j SNAT --to 192.0.2.77',
		...lanToWww,
	},
	{
		name: 'SNAT to an address of the subnet',
		make: 'iptables -t nat -I POSTROUTING -o docker0 -p tcp --dport 80 -j SNAT --to 172.17.0.250',
		undo: 'iptables -t nat -D POSTROUTING -o docker0 -p tcp --dport 80 -j SNAT --to 172.17.0.250',
		...lanToWww,
		at: ['neighbour', 'bridge', 'netfilter', 'interface'],
	},
	{
		name: 'a REDIRECT inside the container',
		make: 'nsenter -t $PID_WEB -n iptables -t nat -I PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 81',
		undo: 'nsenter -t $PID_WEB -n iptables -t nat -D PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 81',
		...appToWeb,
		at: ['port'],
	},
	{
		name: 'a zone of its own (CT --zone)',
		make: 'iptables -t raw -I PREROUTING -i eth0 -p tcp --dport 8080 -j CT --zone 5',
		undo: 'iptables -t raw -D PREROUTING -i eth0 -p tcp --dport 8080 -j CT --zone 5',
		...lanToWww,
		at: ['netfilter', 'port', 'process'],
	},
	{
		name: "the host has the client's address",
		make: 'ip addr add 10.99.0.2/32 dev lo',
		undo: 'ip addr del 10.99.0.2/32 dev lo',
		...lanToWww,
		at: ['route', 'nic'],
	},
	{
		name: 'a neighbour is the default gateway',
		make: 'nsenter -t $PID_APP -n ip route replace default via $WEB; nsenter -t $PID_WEB -n sysctl -qw net.ipv4.ip_forward=0',
		undo: 'nsenter -t $PID_APP -n ip route replace default via $GW; nsenter -t $PID_WEB -n sysctl -qw net.ipv4.ip_forward=1',
		flow: ['http://host.docker.internal:8080/', '--from', 'app'],
		real: ['app', 'http://host.docker.internal:8080/'],
		at: ['route'],
	},
	{
		name: 'a queue of which nobody takes (NFQUEUE)',
		make: 'iptables -I DOCKER-USER -i eth0 -p tcp -j NFQUEUE --queue-num 5',
		undo: 'iptables -D DOCKER-USER -i eth0 -p tcp -j NFQUEUE --queue-num 5',
		...lanToWww,
		unseen: 'undetermined',
	},
	{
		name: 'the host may send nothing (policy of OUTPUT)',
		make: 'iptables -P OUTPUT DROP',
		undo: 'iptables -P OUTPUT ACCEPT; iptables -F OUTPUT',
		flow: ['www:80'],
		real: ['host', 'http://127.0.0.1:8080/'],
		at: ['netfilter'],
	},
	{
		name: 'the embedded DNS is dropped on lo',
		make: 'nsenter -t $PID_APP -n iptables -A OUTPUT -d 127.0.0.11 -j DROP',
		undo: 'docker restart -t 0 app',
		...appToWeb,
		at: ['dns'],
	},
	{
		name: 'localhost is translated to nobody',
		make: 'iptables -t nat -I OUTPUT -d 127.0.0.1 -p tcp --dport 8080 -j DNAT --to 172.17.0.250:80',
		undo: 'iptables -t nat -D OUTPUT -d 127.0.0.1 -p tcp --dport 8080 -j DNAT --to 172.17.0.250:80',
		flow: ['www:80'],
		real: ['host', 'http://127.0.0.1:8080/'],
		at: ['route', 'neighbour', 'netfilter'],
	},
	{
		name: 'the container may not answer its gateway',
		make: 'nsenter -t $PID_WWW -n ip rule add to 10.99.0.0/24 prohibit priority 40',
		undo: 'nsenter -t $PID_WWW -n ip rule del priority 40',
		...lanToWww,
		at: ['route', 'port', 'process'],
	},
];
