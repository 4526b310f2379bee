import type {Network, Packet, Path, PathVerdict, Snapshot} from '../../model/index.js';
import {quote} from '../../text/quote.js';

/** "lan → www:80, published 8080/tcp": what the flow is, above its table. */
export function flowTitle(path: Path): string {
	const {from, to} = path;
	const proto = to.proto === 'tcp' ? '' : `/${to.proto}`;
	// What is asked for is the host port; the container's own is that of the socket at the end.
	const own = path.hops.findLast(({kind}) => kind === 'port')?.port ?? to.port;
	const asked = path.hops[0]?.packet.dport ?? to.port;
	if (to.url !== null || to.kind !== 'container' || asked === own)
		return `${from.name} → ${to.url ?? `${bracketed(to.name)}:${asked}${proto}`}`;
	return `${from.name} → ${bracketed(to.name)}:${own}${proto}, published ${asked}/${to.proto}`;
}

/** "✓ delivered", "✗ blocked at hop 5": the verdict in two to four words. Hops count from 1. */
export function verdictPhrase(path: Pick<Path, 'verdict' | 'blockedAt' | 'lost' | 'hops'> & Partial<Pick<Path, 'reply'>>): string {
	if (path.verdict === 'blocked') return blockedPhrase(path);
	if (path.verdict !== 'undetermined') return path.verdict;
	const hop = path.hops.findIndex(({verdict}) => verdict === 'undetermined');
	if (hop >= 0) return `undetermined at hop ${hop + 1}`;
	return answerDecides(path) ? 'undetermined on the way back' : 'undetermined';
}

/** The request's own hops do not tell why it stops, or whether: its answer's do. */
export function answerDecides({
	verdict,
	lost,
	hops,
	reply,
}: Pick<Path, 'verdict' | 'lost' | 'hops'> & Partial<Pick<Path, 'reply'>>): boolean {
	if (verdict === 'undetermined') return reply?.verdict === 'undetermined' && !hops.some(hop => hop.verdict === 'undetermined');
	return lost === 'answer';
}

/** Where it stops: on the way back that is a hop of the answer's own table. */
function blockedPhrase({blockedAt, lost, reply}: Pick<Path, 'blockedAt' | 'lost'> & Partial<Pick<Path, 'reply'>>): string {
	if (lost === 'answer' && reply && reply.blockedAt !== null) return `blocked on the way back, at its hop ${reply.blockedAt + 1}`;
	const behind = {request: '', answer: ' on the way back', later: ' after the first packets'}[lost ?? 'request'];
	return `blocked at hop ${(blockedAt ?? 0) + 1}${behind}`;
}

/** The line that a person runs on a client of the LAN, for dockhop cannot send from there: the request that a flow from it explains. */
export function clientLine({hops, to}: Pick<Path, 'hops' | 'to'>): string {
	const {dst, dport} = hops[0]?.packet ?? {dst: '', dport: null};
	if (to.proto === 'udp') return `echo | ${quote(['nc', '-u', '-w', '2', dst, String(dport)])}`;
	return quote(['curl', '--fail', to.url ?? `http://${endWords(dst, dport)}/`]);
}

/** What the verdicts of a path mean, for legends. */
export const pathVerdictWords: Record<PathVerdict, string> = {
	delivered: 'the request arrives, and its answer comes back',
	forwarded: 'it leaves this host through its NIC; what lies behind cannot be seen from here',
	blocked: 'it stops on the way',
	undetermined: 'what could be read does not tell whether it arrives',
};

/** "198.51.100.1:50514 → 198.51.100.2:8080" */
export function packetWords({src, dst, sport, dport}: Packet): string {
	return `${endWords(src, sport)} → ${endWords(dst, dport)}`;
}

/** "172.17.0.2:80", "[fd00::2]:80", or the address alone where there is no port. */
export function endWords(address: string, port: number | null): string {
	return port === null ? address : `${bracketed(address)}:${port}`;
}

/** What address translation does, by the ends of the packet that it rewrites. */
export function natWords({destination, source}: {destination: boolean; source: boolean}): string {
	const router = 'The host is the NAPT router between its NIC and the bridge: it rewrites';
	if (destination && source) return `${router} both ends of the packet, so that the answer comes back through it.`;
	if (destination) return `${router} the destination before it decides on the route.`;
	return `${router} the source as the packet leaves, so that the answer comes back to the host.`;
}

/** "1 packet, 60 bytes" */
export function counterWords({packets, bytes}: {packets: number; bytes: number}): string {
	return `${packets} ${packets === 1 ? 'packet' : 'packets'}, ${bytes} bytes`;
}

/** "web-01 · Engine 28.5.2 · as root: reads links, routes, rules": what is looked at, and how. */
export function headerWords(snapshot: Snapshot): string {
	const engine = snapshot.engine.read ? `Engine ${snapshot.engine.value.version}` : `no engine: ${snapshot.engine.gap.why}`;
	return `${snapshot.hostName} · ${engine} · ${snapshot.vantage.words}`;
}

/** What stands in an empty list, and what a person could do about it. */
export const emptyWords = {
	containers: 'No containers yet:  docker run -d -p 8080:80 nginx',
	networks: 'The engine has no networks.',
	bridges: 'The engine has no bridges.',
	containersOn: (network: Network) => `No container on ${network.name}.`,
};

function bracketed(name: string): string {
	return name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
}
