import {toAscii} from '../../rows/ascii.js';
import {bindings} from '../keys/bindings.js';
import type {State} from '../state/state.js';
import {fieldLines} from './detail-lines.js';
import {type Line, type Look, span} from './line.js';

/** Every key with its words, and why it does nothing just now where that is so. */
export function helpLines(state: State, width: number, {ascii}: Pick<Look, 'ascii'>): Line[] {
	const fields = bindings.map(({shown, words, whyNot}) => {
		const why = whyNot?.(state) ?? null;
		// Replaced before it is measured: "<-" is wider than "←".
		return {label: ascii ? toAscii(shown) : shown, text: why === null ? words : `${words}  (now: ${why})`};
	});
	return [...fieldLines(fields, width), [], [span('✓ passes   ✗ blocks   ? cannot be told   · not reached', 'quiet')]];
}
