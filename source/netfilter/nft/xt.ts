import type {Action} from '../model.js';

/** Extensions of iptables, of which nft prints the name alone, that leave the way of the packet as it was. */
export const harmless = new Set([
	'LOG',
	'NFLOG',
	'TRACE',
	'CHECKSUM',
	'TCPMSS',
	'TCPOPTSTRIP',
	'CLASSIFY',
	'TEE',
	'AUDIT',
	'SECMARK',
	'CONNSECMARK',
	'RATEEST',
	'LED',
	'IDLETIMER',
	'ECN',
]);

/** One whose doing depends on options that nft does not print. */
export function targetOpaque(name: string): Action {
	const words = `xt target ${name}`;
	const doubt = {id: 'rule-not-understood', why: `${words}: nft does not print its options`, tell: 'iptables-save'} as const;
	return {kind: 'action', words, act: () => ({kind: 'unknown', doubt})};
}
