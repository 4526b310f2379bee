import {hostPort} from '../address/ip.js';
import type {Proof} from '../proof/proof.js';
import type {Witnesses} from '../proof/witnesses.js';
import {microseconds} from './words/times.js';

/** What both ends and the network told of a request that did not fare well; nothing of one that did. */
export function witnessWords({path, witnesses}: Pick<Proof, 'path' | 'witnesses'>): string[] {
	if (path.verdict === 'delivered' || path.verdict === 'forwarded') return [];
	const {target, client, icmp, neighbours} = witnesses;
	return [
		...(client ? [clientWords(client)] : []),
		...(target ? [targetWords(target, path.to.proto)] : []),
		...neighbours.map(({place, interface: link, address, state}) => `In ${place}, nobody on ${link} answers for ${address} (${state}).`),
		...icmp
			.slice(0, 4)
			.map(
				({place, interface: link, direction, from, says, us}) =>
					`ICMP from ${from} after ${microseconds(us)}: ${says} (in ${place}, ${link} ${direction}).`,
			),
	].filter(line => line !== '');
}

/** A refusal at once, a neighbour that is not found after three seconds and silence are three faults. */
function clientWords({errno, httpStatus, elapsed}: NonNullable<Witnesses['client']>): string {
	const after = elapsed === null ? '' : ` after ${microseconds(elapsed * 1000)}`;
	if (httpStatus !== null) return `The client got HTTP ${httpStatus}${after}.`;
	return errno === null ? '' : `The client got ${errno}${after}.`;
}

function targetWords({arrived, answer, listener}: NonNullable<Witnesses['target']>, proto: string): string {
	if (arrived !== true) return '';
	const packet = proto === 'tcp' ? 'SYN' : 'datagram';
	const sent = answer === null ? '' : answer === 'none' ? ', and its kernel sent nothing back' : `, and its kernel sent ${answers[answer]}`;
	const queue = listener?.queue;
	const waiting = queue ? `, ${queue.waiting} wait to be accepted (limit ${queue.limit})` : '';
	const heard = listener ? `; ${hostPort(listener.address, listener.port)} ${queue ? 'listens' : 'is bound'}${waiting}` : '';
	return `The ${packet} came to the target${sent}${heard}.`;
}

const answers = {'syn ack': 'a SYN-ACK', reset: 'a reset', datagram: 'a datagram', icmp: 'an ICMP error'};
