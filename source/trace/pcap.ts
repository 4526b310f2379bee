/** One record of a capture. */
export interface Captured {
	/** Microseconds since the epoch. */
	us: number;
	/** Index of the link in its namespace. */
	link: number;
	/** The host sent it; else it came in, or passed by. */
	out: boolean;
	/** A frame for another host, as a bridge's port takes it in. */
	strange: boolean;
	/** EtherType. */
	protocol: number;
	/** What stands behind the header of the link, as much of it as was captured. */
	data: Buffer;
}

/**
 * Reads a capture as `tcpdump -i any -w -` writes it, chunk by chunk: the form of pcap-savefile(5), in the byte order of this machine or the
 * other, microseconds or nanoseconds, link type LINKTYPE_LINUX_SLL2 (https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html), which alone
 * tells the link. `feed` gives false where it is something else, then and ever after. What comes while `wants` says no is passed over.
 */
export function pcapReader(hear: (packet: Captured) => void, wants: () => boolean = () => true): {feed(chunk: Buffer): boolean} {
	let rest: Buffer = Buffer.alloc(0);
	let form: {little: boolean; perMicro: number} | null = null;
	let failed = false;
	return {
		feed(chunk) {
			if (failed) return false;
			const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
			let at = 0;
			if (form === null) {
				rest = bytes;
				if (bytes.length < fileHeader) return true;
				form = formOf(bytes);
				failed = form === null;
				at = fileHeader;
			}
			while (form !== null && bytes.length >= at + recordHeader) {
				const number = (offset: number) => (form?.little ? bytes.readUInt32LE(at + offset) : bytes.readUInt32BE(at + offset));
				const length = number(8);
				failed = length > mostLength;
				if (failed || bytes.length < at + recordHeader + length) break;
				const end = at + recordHeader + length;
				if (length >= linkHeader && wants()) {
					const us = number(0) * 1_000_000 + Math.floor(number(4) / form.perMicro);
					hear(captured(us, bytes, at + recordHeader, end));
				}
				at = end;
			}
			rest = bytes.subarray(at);
			return !failed;
		},
	};
}

function formOf(bytes: Buffer): {little: boolean; perMicro: number} | null {
	for (const little of [true, false]) {
		const number = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
		const perMicro = fractions.get(number(0));
		if (perMicro !== undefined) return (number(20) & 0xffff) === linuxSll2 ? {little, perMicro} : null;
	}
	return null;
}

function captured(us: number, bytes: Buffer, at: number, end: number): Captured {
	return {
		us,
		protocol: bytes.readUInt16BE(at),
		link: bytes.readUInt32BE(at + 4),
		out: bytes[at + 10] === packetOutgoing,
		strange: bytes[at + 10] === packetOtherHost,
		data: bytes.subarray(at + linkHeader, end),
	};
}

/** By the file's first number: fractions of a second that make a microsecond. */
const fractions = new Map([
	[0xa1b2c3d4, 1],
	[0xa1b23c4d, 1000],
]);
const fileHeader = 24;
const recordHeader = 16;
const linkHeader = 20;
const linuxSll2 = 276;
/** packet(7), linux/if_packet.h */
const packetOtherHost = 3;
const packetOutgoing = 4;
/** More than any snapshot length: not a record. */
const mostLength = 0x4_0000;
