import type {Hop, Packet, Path, Step} from '../../source/model/index.js';

/** A packet from a client on the LAN to the host's published port; every test changes what it looks at. */
const arriving: Packet = {iif: 'eth0', oif: null, src: '198.51.100.1', dst: '198.51.100.2', sport: 50514, dport: 8080, proto: 'tcp'};
const translated: Packet = {...arriving, dst: '172.17.0.2', dport: 80};

/** One hop of this host that passes; the rest as given. */
function hop(given: Partial<Hop> & Pick<Hop, 'kind' | 'name'>): Hop {
	return {
		where: 'host',
		of: null,
		connection: 1,
		names: [],
		address: null,
		port: null,
		packet: translated,
		packetAfter: null,
		verdict: 'passes',
		cause: null,
		unknown: null,
		evidence: [],
		steps: [],
		says: '',
		command: '',
		...given,
	};
}

/** One rule of iptables' filter table that matched; the rest as given. */
function step(given: Partial<Step>): Step {
	return {
		hook: 'forward',
		family: 'ip',
		backend: 'iptables',
		table: 'filter',
		chain: 'FORWARD',
		rule: 1,
		handle: null,
		text: '-j ACCEPT',
		counters: null,
		matched: true,
		why: null,
		verdict: 'accept',
		to: null,
		reject: null,
		rewrite: null,
		label: null,
		...given,
	};
}

const dnat = step({
	hook: 'prerouting',
	table: 'nat',
	chain: 'DOCKER',
	rule: 2,
	text: '! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80',
	counters: {packets: 14, bytes: 840},
	rewrite: {before: arriving, after: translated},
	label: 'published port',
});

/** lan → www:80 through the published port 8080: every kind of hop that the table of a bridge network has. */
export function published(): Path {
	return {
		schema: 'dockhop.flow/1',
		from: {kind: 'lan', name: 'lan', address: '198.51.100.1'},
		to: {kind: 'container', name: 'www', address: '172.17.0.2', port: 80, proto: 'tcp', url: null},
		verdict: 'delivered',
		blockedAt: null,
		lost: null,
		seenAs: {src: '198.51.100.1', sport: 50514},
		assumptions: [],
		hops: [
			hop({kind: 'client', where: 'lan', name: 'client', address: '198.51.100.1', port: 50514, packet: arriving}),
			hop({kind: 'nic', where: 'hardware', name: 'eth0', address: '198.51.100.2', port: 8080, packet: arriving}),
			hop({
				kind: 'netfilter',
				name: 'PREROUTING',
				packet: arriving,
				packetAfter: translated,
				steps: [dnat],
				says: 'DNAT by nat DOCKER 2',
				command: 'iptables -t nat -nvL DOCKER --line-numbers',
			}),
			hop({kind: 'route', name: 'table main', says: '172.17.0.0/16 dev docker0'}),
			hop({kind: 'netfilter', name: 'FORWARD', steps: [step({})], says: 'accepted by FORWARD rule 1'}),
			hop({kind: 'bridge', name: 'docker0', address: '172.17.0.1'}),
			hop({kind: 'veth', name: 'vethc06ae92', says: 'port 1 of docker0'}),
			hop({kind: 'interface', where: 'container', of: 'www', name: 'eth0', address: '172.17.0.2'}),
			hop({
				kind: 'port',
				where: 'container',
				of: 'www',
				name: '80/tcp',
				names: ['127.0.0.1', 'www'],
				port: 80,
				says: '0.0.0.0, listening',
			}),
			hop({kind: 'process', where: 'process', of: 'www', name: 'nginx (4711)', port: 80, says: 'sees 198.51.100.1'}),
		],
		findings: [],
		reply: null,
		alternatives: [],
	};
}

/** The same, dropped by a rule of DOCKER-USER; behind it nothing listens. */
export function dropped(): Path {
	const path = published();
	const rule = step({
		chain: 'DOCKER-USER',
		rule: 2,
		text: '-s 198.51.100.0/24 -j DROP',
		counters: {packets: 12, bytes: 720},
		verdict: 'drop',
		label: 'your DOCKER-USER rule',
	});
	const hops = path.hops.map((one, index): Hop => {
		if (index === 4) {
			return {
				...one,
				verdict: 'blocks',
				cause: 'dropped',
				steps: [step({chain: 'FORWARD', verdict: 'jump', to: 'DOCKER-USER', text: '-j DOCKER-USER'}), rule],
				says: 'dropped by your rule DOCKER-USER 2',
				command: 'iptables -nvL DOCKER-USER --line-numbers',
			};
		}
		if (index === 8) return {...one, verdict: 'blocks', cause: 'nothing-listens', says: 'nothing listens'};
		return index > 4 ? {...one, verdict: 'notReached'} : one;
	});
	return {...path, verdict: 'blocked', blockedAt: 4, lost: 'request', seenAs: null, hops};
}
