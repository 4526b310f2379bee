import {readFile} from 'node:fs/promises';

/**
 * Whether this process may do what the readers of root do: enter namespaces (CAP_SYS_ADMIN), see others' files and sockets
 * (CAP_SYS_PTRACE) and list rules (CAP_NET_ADMIN). Source: CapEff of /proc/self/status, capabilities(7).
 */
export async function hasRights(): Promise<boolean> {
	const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
	return grantsReading(effectiveOf(status));
}

/** The effective set in the text of /proc/PID/status. */
export function effectiveOf(status: string): string {
	return /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
}

/**
 * The rights over packets that programs have which this process starts: of a user other than root the ambient ones alone pass on, of root the
 * effective ones (capabilities(7)). netAdmin: rules, their trace and conntrack; netRaw: packets on the links.
 */
export async function handedRights(): Promise<{netAdmin: boolean; netRaw: boolean}> {
	const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
	const ambient = /^CapAmb:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
	const set = BigInt(`0x${process.geteuid?.() === 0 ? effectiveOf(status) : ambient}`);
	return {netAdmin: ((set >> netAdmin) & 1n) === 1n, netRaw: ((set >> netRaw) & 1n) === 1n};
}

export function grantsReading(effective: string): boolean {
	const set = BigInt(`0x${effective}`);
	return [netAdmin, sysPtrace, sysAdmin].every(bit => (set >> bit) & 1n);
}

const netAdmin = 12n;
const netRaw = 13n;
const sysPtrace = 19n;
const sysAdmin = 21n;
