import type {Frame} from './frame.js';

/** Whom the link layer takes the packet for: one host, all, or a group (linux/if_packet.h); null where that was not read. */
export function packetType(frame: Frame): 'unicast' | 'broadcast' | 'multicast' | null {
	const mac = frame.packet.dmac?.toLowerCase();
	if (mac === 'ff:ff:ff:ff:ff:ff') return 'broadcast';
	const type = frame.env.addressType(frame.packet.dst, frame.packet.family, null);
	if (type === 'broadcast' || type === 'multicast') return type;
	return type === null ? null : 'unicast';
}
