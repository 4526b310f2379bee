import type {SeenTuple} from '../model/index.js';
import {run} from '../process/run.js';

/**
 * TCP connections of a namespace that are being opened right now and have no answer yet: their SYN will be sent again, and must not be taken
 * for the first of a later one. What cannot be read is left out.
 */
export async function readDialling(enter: readonly string[]): Promise<SeenTuple[]> {
	const {stdout} = await run([...enter, 'ss', '-tnH', 'state', 'syn-sent'], {timeoutMs: 3000});
	return stdout.split('\n').flatMap(line => {
		const [local, peer] = [...line.matchAll(/(\S+):(\d+)(?=\s|$)/g)].map(([, host = '', port]) => ({
			address: host.replace(/^\[|\]$|%.*$/g, ''),
			port: Number(port),
		}));
		return local && peer ? [{src: local.address, sport: local.port, dst: peer.address, dport: peer.port}] : [];
	});
}
