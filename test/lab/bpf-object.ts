import {writeFile} from 'node:fs/promises';

/**
 * Writes an object file for `ip link set DEV xdpgeneric obj FILE sec xdp`: one program of two instructions that gives `verdict` for every packet (XDP_DROP
 * is 1, linux/bpf.h). As a compiler would make it: ELF64, machine 247 (EM_BPF), a section for the program and one for its licence.
 */
export async function writeXdpObject(file: string, verdict: number): Promise<void> {
	const strings = Buffer.from('\0xdp\0license\0.strtab\0.symtab\0all\0');
	const nameAt = (name: string) => strings.indexOf(`\0${name}\0`) + 1;
	const sections = [
		{name: 'xdp', type: 1, flags: 6, data: program(verdict), link: 0, info: 0, entry: 0},
		{name: 'license', type: 1, flags: 3, data: Buffer.from('GPL\0'), link: 0, info: 0, entry: 0},
		{name: '.strtab', type: 3, flags: 0, data: strings, link: 0, info: 0, entry: 0},
		{name: '.symtab', type: 2, flags: 0, data: symbols(nameAt('all')), link: 3, info: 1, entry: 24},
	];
	let end = 64;
	const bodies: Buffer[] = [];
	const headers = [Buffer.alloc(64)];
	for (const {name, type, flags, data, link, info, entry} of sections) {
		const header = Buffer.alloc(64);
		header.writeUInt32LE(nameAt(name), 0);
		header.writeUInt32LE(type, 4);
		header.writeBigUInt64LE(BigInt(flags), 8);
		header.writeBigUInt64LE(BigInt(end), 24);
		header.writeBigUInt64LE(BigInt(data.length), 32);
		header.writeUInt32LE(link, 40);
		header.writeUInt32LE(info, 44);
		header.writeBigUInt64LE(8n, 48);
		header.writeBigUInt64LE(BigInt(entry), 56);
		headers.push(header);
		const padded = Buffer.concat([data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
		bodies.push(padded);
		end += padded.length;
	}
	await writeFile(file, Buffer.concat([elfHeader(end, headers.length), ...bodies, ...headers]));
}

/** r0 = verdict; exit */
function program(verdict: number): Buffer {
	const code = Buffer.alloc(16);
	code[0] = 0xb7;
	code.writeInt32LE(verdict, 4);
	code[8] = 0x95;
	return code;
}

/** One global function, 16 bytes long, in the first section. */
function symbols(name: number): Buffer {
	const table = Buffer.alloc(48);
	table.writeUInt32LE(name, 24);
	table[28] = 0x12;
	table.writeUInt16LE(1, 30);
	table.writeBigUInt64LE(16n, 40);
	return table;
}

function elfHeader(sectionsAt: number, count: number): Buffer {
	const header = Buffer.alloc(64);
	header.write('\x7fELF\x02\x01\x01', 'latin1');
	header.writeUInt16LE(1, 16);
	header.writeUInt16LE(247, 18);
	header.writeUInt32LE(1, 20);
	header.writeBigUInt64LE(BigInt(sectionsAt), 40);
	header.writeUInt16LE(64, 52);
	header.writeUInt16LE(64, 58);
	header.writeUInt16LE(count, 60);
	header.writeUInt16LE(3, 62);
	return header;
}
