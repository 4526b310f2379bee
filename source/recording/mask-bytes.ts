import {createHmac} from 'node:crypto';

/**
 * What a client sent, as hexadecimal digits, made unreadable: each byte is drawn from all that stand before it and itself with a key that
 * is thrown away. Two texts that begin alike still begin alike, and that is all that a trace asks of them.
 */
export function maskBytes(hex: string, key: Uint8Array): string {
	const count = Math.floor(hex.length / 2);
	return Array.from({length: count}, (_, index) =>
		createHmac('sha256', key)
			.update(hex.slice(0, 2 * index + 2))
			.digest('hex')
			.slice(0, 2),
	).join('');
}
