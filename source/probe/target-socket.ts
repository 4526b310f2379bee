import {canonical, isLoopback} from '../address/ip.js';

/** A connection at the target's port, as one line of /proc/PID/net/tcp or tcp6 shows it (proc_net_tcp.rst). */
export interface TargetSocket {
	remote: string;
	remotePort: number;
	/** established: data can flow. handshake: SYN received, its end not yet (or TCP_DEFER_ACCEPT waits for data). */
	state: 'established' | 'handshake';
	/** Bytes received that no process has read yet. */
	unread: number;
	/** 0 while no process has accepted the connection. */
	inode: number;
}

/** Whom the target may take for its client. */
export interface Client {
	localAddress: string | null;
	localPort: number | null;
	/** Addresses of this host: the sender that docker-proxy or masquerading gives the request. */
	hostAddresses: readonly string[];
	/** Origin and target share a network namespace, so that loopback may be the sender. */
	sameNamespace: boolean;
	/** The address and port that were dialled are the target's own: no docker-proxy dials anew, and source NAT keeps the port. */
	direct: boolean;
	/** It has sent data, which would have ended a handshake that waits for data (TCP_DEFER_ACCEPT). */
	spoke: boolean;
}

/**
 * What the target's own sockets say of one connection.
 * taken: a process accepted it and read all that came. unread: it lies there, not accepted or not read.
 * absent: nothing arrived. unclear: more than one could be meant, or it came from an address that nobody expected.
 */
export type Sighting = 'taken' | 'unread' | 'absent' | 'unclear';

/** The connections at `port` in a table of /proc/net/tcp's form; listening and closing ones are left out. */
export function targetSockets(table: string, port: number): TargetSocket[] {
	return table.split('\n').flatMap(line => {
		const [, local, remote, st, queues, , , , , inode] = line.trim().split(/\s+/);
		const state = st === '01' ? 'established' : st === '03' ? 'handshake' : null;
		if (!local || !remote || !queues || !state || portOf(local) !== port) return [];
		const unread = Number.parseInt(queues.split(':')[1] ?? '', 16);
		return [{remote: addressOf(remote), remotePort: portOf(remote), state, unread, inode: Number(inode)}];
	});
}

/** Which of the connections that came since the request left is ours, and what became of it. */
export function sighting(arrived: readonly TargetSocket[], client: Client): Sighting {
	const states = new Set(ours(arrived, client).map(one => stateOf(one, client.spoke)));
	const [only] = states;
	if (only && states.size === 1) return only;
	// Others, from senders or ports that were not expected: NAT that nobody knows of, or somebody else's request.
	return states.size > 1 || arrived.some(one => !isLoopback(one.remote)) ? 'unclear' : 'absent';
}

function ours(arrived: readonly TargetSocket[], client: Client): TargetSocket[] {
	const local = client.localAddress === null ? null : canonical(client.localAddress);
	const possible = arrived.filter(({remote}) => remote === local || mayBeSender(remote, local, client));
	const samePort = possible.filter(({remotePort}) => remotePort === client.localPort);
	if (samePort.length > 0 || (client.direct && client.localPort !== null)) return samePort;
	return possible.filter(({remote}) => client.sameNamespace || !isLoopback(remote));
}

function mayBeSender(remote: string, local: string | null, client: Client): boolean {
	if (isLoopback(remote)) return client.sameNamespace;
	return local === null || client.hostAddresses.some(address => canonical(address) === remote);
}

function stateOf({state, unread, inode}: TargetSocket, spoke: boolean): Sighting {
	if (state === 'handshake') return spoke ? 'absent' : 'unclear';
	return inode !== 0 && unread === 0 ? 'taken' : 'unread';
}

/** A sender's open connection, and whether data lies on it that the other end has not acknowledged. */
export interface SendingSocket {
	localPort: number;
	waits: boolean;
}

/** The open connections to `port` in a table of /proc/net/tcp's form (tx_queue is write_seq - snd_una: get_tcp4_sock in net/ipv4/tcp_ipv4.c). */
export function sendingSockets(table: string, port: number): SendingSocket[] {
	return table.split('\n').flatMap(line => {
		const [, local, remote, st, queues] = line.trim().split(/\s+/);
		if (!local || !remote || !queues || st !== '01' || portOf(remote) !== port) return [];
		return [{localPort: portOf(local), waits: Number.parseInt(queues, 16) > 0}];
	});
}

function portOf(field: string): number {
	return Number.parseInt(field.slice(field.indexOf(':') + 1), 16);
}

/** The kernel prints each 32-bit word of the address in the host's byte order (%08X): little-endian on every machine Docker runs on but s390x. */
function addressOf(field: string): string {
	const bytes = Buffer.from(field.slice(0, field.indexOf(':')), 'hex');
	if (littleEndian) bytes.swap32();
	if (bytes.length === 4) return bytes.join('.');
	const address = canonical(Array.from({length: 8}, (_, word) => bytes.readUInt16BE(word * 2).toString(16)).join(':'));
	// A socket for both families shows an IPv4 client as ::ffff:192.0.2.1.
	return address.replace(/^::ffff:(?=\d+\.)/, '');
}

const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
