import type StringWidth from 'string-width';

/**
 * string-width as it is bundled. The package looks up each cluster of a text that is not ASCII, in tables that take 18 ms to make, and every
 * line of the screen is such a text for its frame alone. A text of `plainSigns` is as wide as it is long; the package is evaluated at the
 * first other one, as require does with it.
 */
export default function stringWidth(text: string, options?: Parameters<typeof StringWidth>[1]): number {
	if (options === undefined) {
		const bare = text.includes('\u001b') ? text.replace(colours, '') : text;
		if (plainSigns.test(bare)) return bare.length;
	}
	const {default: full} = require('string-width') as {default: typeof StringWidth};
	return full(text, options);
}

/** Characters that are one cell wide and join with nothing: Latin letters, dashes and dots, arrows, frames, ⏎ ▸ ✓ ✗. */
export const plainSigns =
	/^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u23ce\u2500-\u25fc\u2713\u2717]*$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: Select Graphic Rendition (ECMA-48) takes no room.
const colours = /\u001b\[[\d;]*m/g;
