import type {Action} from '../model.js';
import {parseMasked} from './range.js';
import type {Option} from './tokens.js';

/** MARK: --set-xmark value/mask clears the bits of the mask and XORs the value; the other forms are printed as that one (xt_mark.c). */
export function markTarget(options: Option[], words: string): Action['act'] {
	const [option] = options;
	const given = parseMasked(option?.values[0] ?? '');
	if (!option || !given) return notUnderstood(words);
	const {value, mask} = given;
	const change = changes[option.name];
	return change ? ({packet}) => ({kind: 'next', packet: {...packet, mark: change(packet.mark, value, mask) >>> 0}}) : notUnderstood(words);
}

/** CONNMARK: sets the connection's mark, or carries it from or to the packet's (xt_connmark.c). Without an entry it does nothing. */
export function connmarkTarget(options: Option[], words: string): Action['act'] {
	const maskOf = (name: string) => Number(options.find(option => option.name === name)?.values[0] ?? 0xffffffff) >>> 0;
	const nfmask = maskOf('--nfmask');
	const ctmask = maskOf('--ctmask');
	const given = (name: string) => options.find(option => option.name === name);
	if (given('--restore-mark'))
		return frame => {
			if (!frame.tracked) return {kind: 'next'};
			const {packet} = frame;
			return {kind: 'next', packet: {...packet, mark: ((packet.mark & ~nfmask) ^ (packet.ctMark & ctmask)) >>> 0}};
		};
	if (given('--save-mark'))
		return frame => {
			if (!frame.tracked) return {kind: 'next'};
			const {packet} = frame;
			return {kind: 'next', packet: {...packet, ctMark: ((packet.ctMark & ~ctmask) ^ (packet.mark & nfmask)) >>> 0}};
		};
	const [option] = options;
	const masked = parseMasked(option?.values[0] ?? '');
	const change = option && changes[option.name];
	if (!masked || !change) return notUnderstood(words);
	return frame => {
		if (!frame.tracked) return {kind: 'next'};
		const {packet} = frame;
		return {kind: 'next', packet: {...packet, ctMark: change(packet.ctMark, masked.value, masked.mask) >>> 0}};
	};
}

const changes: Record<string, (old: number, value: number, mask: number) => number> = {
	'--set-xmark': (old, value, mask) => (old & ~mask) ^ value,
	'--set-mark': (old, value, mask) => (old & ~(mask | value)) | value,
	'--and-mark': (old, value) => old & value,
	'--or-mark': (old, value) => old | value,
	'--xor-mark': (old, value) => old ^ value,
};

function notUnderstood(words: string): Action['act'] {
	return () => ({kind: 'unknown', doubt: {id: 'rule-not-understood', why: `${words}: not understood`, tell: 'a trace of a real request'}});
}
