import {describe, expect, it, vi} from 'vitest';
import {type Flow, flow, isCommand, why} from '../faults/ask.ts';
import {namesOfLab} from '../faults/mischief.ts';
import {type EngineName, engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';

/** A host that is set up as few are. What is said of a request there is held against the same request, sent for real. */
interface Oddity {
	name: string;
	/** Lines of sh on the host, with $WEB, $PID_WEB, $VETH_WEB, … of each container. */
	make: string;
	undo: string;
	/** Arguments of `dockhop flow`. */
	flow: string[];
	/** Who sends it, and to where. */
	real: ['lan' | 'host' | 'app', string];
	/** Of a hop that stops it; absent: it arrives. A remedy that is a command is run, and has to help. */
	stop?: {kind: string; lost: string; finding: string};
	/** Nothing that can be read says for certain what really happens. */
	open?: 'arrives' | 'stops';
	not?: EngineName[];
}

const fromLan = {flow: ['www:80', '--from', 'lan'], real: ['lan', 'http://10.99.0.1:8080/']} satisfies Partial<Oddity>;
const fromApp = {flow: ['web:80', '--from', 'app'], real: ['app', 'http://web/']} satisfies Partial<Oddity>;
const netfilter = (lost: string) => ({kind: 'netfilter', lost, finding: 'dropped'});

const bridged = {
	make: 'ip link add br0 type bridge; ip addr flush dev eth0 scope global; ip link set eth0 master br0; ip link set br0 up; ip addr add 10.99.0.1/24 dev br0; ip route add default via 10.99.0.2',
	undo: 'ip link set eth0 nomaster; ip link del br0; ip addr add 10.99.0.1/24 dev eth0; ip route replace default via 10.99.0.2; ip -6 addr replace fd00:99::1/64 dev eth0 nodad; ip -6 route replace default via fd00:99::2',
};

/** Nothing that was there before comes back. */
const never = ':';

const oddities: Oddity[] = [
	{
		name: 'data is dropped, the handshake is not',
		make: 'iptables -I DOCKER-USER -i eth0 -p tcp --tcp-flags PSH PSH -j DROP',
		undo: 'iptables -D DOCKER-USER -i eth0 -p tcp --tcp-flags PSH PSH -j DROP',
		...fromLan,
		stop: netfilter('later'),
	},
	{
		name: 'the data of the answer is dropped (nft)',
		make: 'nft "add table inet odd; add chain inet odd f { type filter hook forward priority 0; }; add rule inet odd f iifname docker0 tcp flags & psh == psh drop"',
		undo: 'nft delete table inet odd',
		...fromLan,
		stop: netfilter('answer'),
	},
	{
		name: 'the answer is dropped on its way out',
		make: 'iptables -t mangle -I POSTROUTING -o eth0 -p tcp --sport 80 -j DROP',
		undo: 'iptables -t mangle -D POSTROUTING -o eth0 -p tcp --sport 80 -j DROP',
		...fromLan,
		stop: netfilter('answer'),
	},
	{
		name: 'a container asks the host by its name, and INPUT drops it',
		make: 'iptables -I INPUT -i $BR -j DROP',
		undo: 'iptables -D INPUT -i $BR -j DROP',
		flow: [':8080', '--from', 'app'],
		real: ['app', 'http://host.docker.internal:8080/'],
		stop: netfilter('request'),
	},
	{
		name: 'a VPN takes what has no mark, by a table of its own',
		make: 'ip tuntap add dev tun9 mode tun; ip addr add 198.18.0.1/24 dev tun9; ip link set tun9 up; ip route add default dev tun9 table 51820; ip rule add not fwmark 51820 table 51820 priority 71; ip rule add table main suppress_prefixlength 0 priority 70',
		undo: 'ip rule del priority 71; ip rule del priority 70; ip link del tun9',
		...fromLan,
	},
	{name: 'the NIC is a port of a bridge that has its address', ...bridged, ...fromLan},
	{
		name: 'a drop in that bridge',
		make: `${bridged.make}; nft "add table bridge odd; add chain bridge odd p { type filter hook prerouting priority -10; }; add rule bridge odd p tcp dport 8080 drop"`,
		undo: `nft delete table bridge odd; ${bridged.undo}`,
		...fromLan,
		stop: netfilter('request'),
	},
	{
		name: 'a drop at the ingress of that port',
		make: `${bridged.make}; nft "add table netdev odd; add chain netdev odd i { type filter hook ingress device eth0 priority 0; }; add rule netdev odd i tcp dport 8080 drop"`,
		undo: `nft delete table netdev odd; ${bridged.undo}`,
		...fromLan,
		stop: netfilter('request'),
	},
	{
		name: 'the NIC answers no ARP',
		make: 'sysctl -qw net.ipv4.conf.eth0.arp_ignore=8; ip neigh flush all; nsenter --net=$LAN ip neigh flush all',
		undo: 'sysctl -qw net.ipv4.conf.eth0.arp_ignore=0',
		...fromLan,
		stop: {kind: 'neighbour', lost: 'request', finding: 'no-neighbour'},
	},
	{
		name: 'an address of the subnet that nobody has',
		make: 'true',
		undo: never,
		flow: ['10.99.0.50:8080', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.50:8080/'],
		stop: {kind: 'neighbour', lost: 'request', finding: 'no-neighbour'},
	},
	{
		name: 'an address of the subnet for which an entry has the host answer (ip neigh add proxy)',
		make: 'ip neigh add proxy 10.99.0.51 dev eth0; ip route add 10.99.0.51/32 dev docker0; nsenter -t $PID_WWW -n ip addr add 10.99.0.51/32 dev eth0; iptables -I DOCKER-USER -d 10.99.0.51 -j ACCEPT; iptables -I DOCKER-USER -s 10.99.0.51 -j ACCEPT',
		undo: 'ip route del 10.99.0.51/32; ip neigh del proxy 10.99.0.51 dev eth0; nsenter -t $PID_WWW -n ip addr del 10.99.0.51/32 dev eth0',
		flow: ['10.99.0.51:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.51/'],
		open: 'arrives',
	},
	{
		name: 'a port of a container that is on an internal network alone',
		make: 'docker network create --internal inner; docker run -d --name inner --network inner -p 8106:80 tiny /tiny serve 0.0.0.0:80',
		undo: never,
		flow: ['inner:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8106/'],
		stop: {...netfilter('request'), finding: 'not-published'},
		not: ['20.10', '26.1'],
	},
	{
		name: 'the first process of a container has left its network namespace',
		make: 'docker run -d --name gone --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined -p 8107:80 busybox unshare -n httpd -f -p 80 -h /www; sleep 1',
		undo: never,
		flow: ['gone:80', '--from', 'lan'],
		real: ['lan', 'http://10.99.0.1:8107/'],
		open: 'stops',
	},
	{
		name: 'another answers ARP for a container (ebtables)',
		make: 'ebtables-nft -t nat -I PREROUTING -p ARP --arp-opcode Request --arp-ip-dst $WEB -j arpreply --arpreply-mac 02:00:00:00:00:09; nsenter -t $PID_APP -n ip neigh flush all',
		undo: 'nft delete table bridge nat; nsenter -t $PID_APP -n ip neigh flush all',
		...fromApp,
		open: 'stops',
	},
];

describe.each(engines)('an odd host, engine %s', engine => {
	const lab = useLab({engine}, sceneSix);

	it.each(oddities.filter(({not}) => !not?.includes(engine)))('$name', async odd => {
		const names = {...(await namesOfLab(lab())), LAN: lab().lanNetns};
		const arrives = (seconds: string) => reallyArrives(lab(), odd.real, seconds);
		await lab().host(['sh', '-c', odd.make], {env: names});
		try {
			const path: Flow = await flow(lab(), odd.flow);
			const arrived = await arrives('2');
			expect(path.verdict, why(path)).toBe(odd.open ? 'undetermined' : arrived ? 'delivered' : 'blocked');
			expect(arrived).toBe(odd.open ? odd.open === 'arrives' : odd.stop === undefined);
			if (!odd.stop) return;
			const stops = path.lost === 'answer' ? path.reply?.hops[path.reply.blockedAt ?? -1] : path.hops[path.blockedAt ?? -1];
			expect({kind: stops?.kind, lost: path.lost, finding: path.findings[0]?.id}, why(path)).toEqual(odd.stop);
			const {remedy} = path.findings[0] as Flow['findings'][number];
			if (!isCommand(remedy)) return;
			await lab().host(['sh', '-c', remedy]);
			// What has asked for a neighbour in vain is not told of the remedy.
			await vi.waitFor(async () => expect(await arrives('3'), remedy).toBe(true), {timeout: 20_000});
		} finally {
			await lab().host(['sh', '-c', odd.undo], {env: names, mayFail: true});
			await lab().host([
				'sh',
				'-c',
				'iptables -F DOCKER-USER; iptables -A DOCKER-USER -j RETURN; iptables -F INPUT; iptables -t mangle -F',
			]);
		}
		if (odd.undo !== never) await vi.waitFor(async () => expect(await arrives('3')).toBe(true), {timeout: 20_000});
	});
});

async function reallyArrives(lab: Lab, [from, url]: Oddity['real'], seconds: string): Promise<boolean> {
	const curl = ['curl', '-sS', '-m', seconds, '-o', '/dev/null', url];
	const ran =
		from === 'lan'
			? await lab.lan(curl, {mayFail: true})
			: await lab.host(from === 'host' ? curl : ['docker', 'exec', from, ...curl], {mayFail: true});
	return ran.code === 0;
}
