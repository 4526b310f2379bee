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

export function grantsReading(effective: string): boolean {
	const set = BigInt(`0x${effective}`);
	return [netAdmin, sysPtrace, sysAdmin].every(bit => (set >> bit) & 1n);
}

const netAdmin = 12n;
const sysPtrace = 19n;
const sysAdmin = 21n;
