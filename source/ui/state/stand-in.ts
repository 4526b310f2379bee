import type {FlowRequest, Path} from '../../model/index.js';

/**
 * The request that dockhop can send in place of one from the LAN: from the host to the same address of the host. null: the request does
 * not come from the LAN.
 */
export function standInFor(request: FlowRequest, path: Path): FlowRequest | null {
	const first = path.hops[0]?.packet;
	if (request.origin.kind !== 'lan' || !first) return null;
	const target = {kind: 'address', address: first.dst, port: first.dport ?? path.to.port, proto: path.to.proto} as const;
	return {origin: {kind: 'host', address: null}, target, family: request.family};
}

/** What such a request does not show: locally made packets meet OUTPUT instead (netfilter's hooks; see `iptables` man page, tables). */
export const standInWords = 'sent from the host: PREROUTING and FORWARD were not met';
