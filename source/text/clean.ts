/**
 * Text from outside (engine, container, DNS, kernel names, a response) made harmless for a terminal: control characters
 * (C0, DEL, C1), bidirectional overrides and zero-width characters become "�", line breaks and tabs a space; at most `limit`
 * UTF-16 units. ECMA-48 section 5.2 lists the control functions, Unicode UAX #9 the bidirectional ones.
 */
export function clean(text: string, limit = 512): string {
	const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
	return cut
		.toWellFormed()
		.replace(/[\t\n\r]+/g, ' ')
		.replace(unsafe, '�');
}

// Written as escapes: the characters themselves must not stand in this file.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
