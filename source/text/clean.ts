/**
 * Text from outside (engine, container, DNS, kernel names, a response) made harmless for a terminal: control and format
 * characters (Unicode categories Cc, Cf, Zl, Zp: C0, DEL, C1, bidirectional overrides, zero-width, tags) become "�",
 * line breaks and tabs a space; at most `limit` UTF-16 units. Well-formed afterwards.
 */
export function clean(text: string, limit = 512): string {
	const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
	if (/^[ -~]*$/.test(cut)) return cut;
	return cut
		.toWellFormed()
		.replace(/[\t\n\r]+/g, ' ')
		.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
}
