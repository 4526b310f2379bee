import type {Frame} from '../frame.js';
import * as types from './datatypes.js';
import {type Expression, field, opaque, unknown} from './expression.js';
import {asList, asObject, type Json} from './json.js';

/** `fib ADDRESS . KEYS type|oif|oifname` (nft(8), FIB EXPRESSIONS; nft_fib_ipv4.c). */
export function fibExpression(json: Json): Expression {
	const object = asObject(json);
	const flags = asList(object?.flags).map(String);
	const result = String(object?.result ?? '');
	const words = `fib ${flags.join(' . ')} ${result}`;
	const address = flags.includes('saddr') ? 'saddr' : flags.includes('daddr') ? 'daddr' : null;
	if (!address) return opaque(words);
	const asks = address === 'saddr' ? ['saddr'] : [];
	const end = address === 'saddr' ? 'src' : 'dst';
	if (result === 'type') {
		const read = (frame: Frame) => {
			const dev = flags.includes('iif') ? frame.iif : flags.includes('oif') ? frame.oif : null;
			return frame.env.addressType(frame.packet[end], frame.packet.family, dev) ?? unknown;
		};
		return {...field(words, types.word, read, {asks}), says: (value, frame) => `${frame.packet[end]} is ${String(value)}`};
	}
	if (result !== 'oif' && result !== 'oifname' && result !== 'check') return opaque(words);
	const keys = {address, mark: flags.includes('mark'), iif: flags.includes('iif'), oif: flags.includes('oif')} as const;
	const read = (frame: Frame) => {
		// A packet that was sent over loopback is taken as found there.
		if (frame.hook === 'prerouting' && frame.env.link(frame.iif)?.kind === 'loopback') return frame.iif;
		const found = frame.env.fibOif(frame.packet, keys);
		return found === null ? unknown : (found.oif ?? '');
	};
	return field(words, types.name, read, {asks, says: value => (value === '' ? 'no route' : `the route leads to ${value}`)});
}
