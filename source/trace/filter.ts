import type {TraceFilter} from '../model/index.js';

/** The filters in pcap's language (pcap-filter(7)), with the questions and errors that go with such packets. */
export function pcapFilter(filters: readonly TraceFilter[]): string {
	const own = filters.map(({proto, ports: [low, high], address, peers = []}) => {
		const ports = low === high ? `port ${low}` : `portrange ${low}-${high}`;
		const host = address === null ? '' : ` and host ${address}`;
		const from = peers.length > 0 ? ` and (${peers.map(peer => `host ${peer}`).join(' or ')})` : '';
		return `(${proto} and ${ports}${host}${from})`;
	});
	// ICMP: destination unreachable 3, time exceeded 11; ICMPv6: errors are the types below 5, neighbour discovery 135 and 136.
	return [...own, 'arp', 'icmp[0] == 3', 'icmp[0] == 11', '(icmp6 and (ip6[40] < 5 or ip6[40] == 135 or ip6[40] == 136))'].join(' or ');
}

/** What a packet of a filter has, as matches of nft: one for each direction. */
export function nftMatches({proto, ports: [low, high], address, peers = []}: TraceFilter): string[] {
	const ports = low === high ? String(low) : `${low}-${high}`;
	const family = address?.includes(':') ? 'ip6' : 'ip';
	const at = (end: 'saddr' | 'daddr') => (address === null ? '' : `${family} ${end} ${address} `);
	const from = (end: 'saddr' | 'daddr') => (peers.length > 0 ? `${family} ${end} {${peers.join(', ')}} ` : '');
	return [
		`${from('saddr')}${at('daddr')}meta l4proto ${proto} th dport ${ports}`,
		`${from('daddr')}${at('saddr')}meta l4proto ${proto} th sport ${ports}`,
	];
}
