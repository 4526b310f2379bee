import type {Rulesets} from '../../source/model/index.js';
import {rulesets} from '../netfilter/dump.js';

/**
 * What an engine would have written for `count` containers on docker0, each with a published port: its real dump, with the rules of the
 * one at 172.17.0.2 with port 8080 repeated for further addresses (172.17.0.0/16) and host ports (from 20000).
 */
export function repeated(one: Rulesets, count: number): Rulesets {
	if (!one.iptables.read || !one.nft.read) throw new Error('the dump was not read');
	const lines = one.iptables.value
		.split('\n')
		.flatMap(line => (isOfOne(line) ? [line, ...others(count).map(({address, port}) => moved(line, address, port))] : [line]));
	const {nftables} = JSON.parse(one.nft.value) as {nftables: object[]};
	let handle = 10_000;
	const objects = nftables.flatMap(object => {
		const text = JSON.stringify(object);
		if (!('rule' in object) || (!text.includes(itsAddress) && !text.includes('8080'))) return [object];
		const copies = others(count).map(({address, port}) =>
			JSON.parse(moved(text, address, port).replace(/"handle":\d+/, `"handle":${++handle}`)),
		);
		return [object, ...copies];
	});
	const {iptables, nft} = rulesets({iptables: lines.join('\n'), nft: JSON.stringify({nftables: objects})});
	return {...one, iptables, nft};
}

const itsAddress = '172.17.0.2';

function isOfOne(line: string): boolean {
	return line.includes(`-d ${itsAddress}/32`) || line.includes(`--to-destination ${itsAddress}:`);
}

/** Where the second, third, … container is. */
export function others(count: number): {address: string; port: number}[] {
	return Array.from({length: count - 1}, (_, i) => ({address: `172.17.${1 + (i >> 8)}.${i & 255}`, port: 20_000 + i}));
}

function moved(text: string, address: string, port: number): string {
	return text.replaceAll(itsAddress, address).replaceAll('8080', String(port));
}
