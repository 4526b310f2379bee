import type {ProbeResult} from '../model/index.js';

/**
 * How one attempt ended, as its client saw it.
 * answered: at least one byte came back. silent: it opened, or may have, and the time ran out without a byte.
 * closed: it opened and was closed or reset without a byte. failed: it did not open. nameless: no address for the name.
 * notSent: no request left (no program, a wrong option).
 */
export type Ending = 'answered' | 'silent' | 'closed' | 'failed' | 'nameless' | 'notSent';

/** What a client (curl, wget, a datagram) reported about its one request. */
export interface Attempt extends Omit<ProbeResult, 'command' | 'reached' | 'agreement'> {
	ending: Ending;
}

export const noTimings: Attempt['timings'] = {namelookup: null, connect: null, tls: null, firstByte: null, total: null};

/** An attempt for which no request left. */
export function notSent(error: string, exitCode: number | null = null): Attempt {
	return {
		ending: 'notSent',
		exitCode,
		errno: null,
		httpStatus: null,
		error,
		timings: noTimings,
		localAddress: null,
		localPort: null,
		remoteAddress: null,
		remotePort: null,
	};
}
