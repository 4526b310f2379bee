import {readFile} from 'node:fs/promises';
import {endianness} from 'node:os';
import {canonical} from '../address/ip.js';
import type {Family, Group, Proto, Socket} from '../model/index.js';
import {malformed, noRight} from './program.js';
import {wholeLines} from './whole-lines.js';

/**
 * The listening TCP and bound UDP sockets of another process's namespace as everybody may read them (proc_pid_net(5)): without
 * owners, bound device, length of the accept queue and IPV6_V6ONLY. SCTP is not read there: where it is used, all is a gap.
 */
export async function readSocketsOf(pid: number): Promise<Group<Socket[]>> {
	const folder = `/proc/${pid}/net`;
	try {
		const texts = await Promise.all(tables.map(({file}) => readTable(`${folder}/${file}`)));
		const sctp = await readTable(`${folder}/sctp/eps`);
		if (sctp.trim().split('\n').length > 1) return {read: false, gap: noRight('the list of SCTP sockets')};
		const value = tables.flatMap(({proto, family}, i) => parseProcNet(texts[i] ?? '', proto, family));
		return {read: true, value, source: `${folder}/{tcp,tcp6,udp,udp6}`, command: `cat ${folder}/tcp`};
	} catch (error) {
		return {read: false, gap: malformed(folder, error)};
	}
}

/** Rows of /proc/net/tcp and its like: "sl local_address rem_address st … uid timeout inode". */
export function parseProcNet(text: string, proto: Proto, family: Family): Socket[] {
	return wholeLines(text)
		.slice(1)
		.map(line => toSocket(line.trim().split(/\s+/), proto, family))
		.filter(socket => socket !== null);
}

function toSocket(cells: string[], proto: Proto, family: Family): Socket | null {
	const [, local = '', , state = '', , , , uid, , inode] = cells;
	const [hex = '', port = ''] = local.split(':');
	const isWhole = hex.length === (family === 4 ? 8 : 32) && /^[0-9A-F]{4}$/.test(port) && /^\d+$/.test(inode ?? '');
	if (!isWhole) throw new Error(`"${local.slice(0, 60)}" is no socket`);
	const wanted = proto === 'tcp' ? {'0A': 'listen'}[state] : {'07': 'bound'}[state];
	if (wanted === undefined) return null;
	const {address, shown} = addressOf(hex, family);
	return {
		proto,
		family: shown,
		state: wanted,
		address,
		port: Number.parseInt(port, 16),
		device: null,
		v6only: shown === 4 ? false : null,
		peer: null,
		queue: null,
		inode: Number(inode),
		uid: Number(uid ?? 0),
		owners: null,
	};
}

/** The address is printed as 32-bit words in the machine's own byte order. An IPv6 socket may be bound to an IPv4 address. */
function addressOf(hex: string, family: Family): {address: string; shown: Family} {
	const words = hex.match(/.{8}/g) ?? [];
	const bytes = words.flatMap(word => {
		const inOrder = (word.match(/../g) ?? []).map(byte => Number.parseInt(byte, 16));
		return endianness() === 'LE' ? inOrder.reverse() : inOrder;
	});
	if (family === 4) return {address: bytes.join('.'), shown: 4};
	const groups = Array.from({length: 8}, (_, i) => ((bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0)).toString(16));
	const address = canonical(groups.join(':'));
	const mapped = /^::ffff:([\d.]+)$/.exec(address)?.[1];
	return mapped ? {address: mapped, shown: 4} : {address, shown: 6};
}

/** A table that the kernel does not have (no IPv6, no SCTP) is empty. */
async function readTable(path: string): Promise<string> {
	return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return '';
		throw error;
	});
}

const tables: {file: string; proto: Proto; family: Family}[] = [
	{file: 'tcp', proto: 'tcp', family: 4},
	{file: 'tcp6', proto: 'tcp', family: 6},
	{file: 'udp', proto: 'udp', family: 4},
	{file: 'udp6', proto: 'udp', family: 6},
];
