/** Makes strings that a terminal would obey, or that programs stumble over; `random` gives 0 ≤ x < 1. */
export function hostileString(random: () => number): string {
	const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
	const code = (from: number, to: number) => String.fromCodePoint(from + Math.floor(random() * (to - from)));
	const some = (make: () => string) => Array.from({length: 1 + Math.floor(random() * 8)}, make).join('');
	const kinds: readonly (() => string)[] = [
		() => `\u001b[${Math.floor(random() * 120)}${pick(['m', 'J', 'K', 'H', 'n', 'c', 'A', 'h', 'l', 'r', 'q'])}`,
		() => `\u001b]${pick(['0;title', '52;c;AAAA', '8;;http://x/', '1337;File=:', '10;?'])}${pick(['\u0007', '\u001b\\', ''])}`,
		() =>
			pick(['\u001bP+q544e\u001b\\', '\u001bc', '\u001b7\u001b8', '\u001b(0', '\u001b_x\u001b\\', '\u001b^y\u001b\\', '\u001bX', '\u001b']),
		() => some(() => code(0, 0x20)),
		() => some(() => code(0x7f, 0xa0)),
		() => some(() => pick(['\u202a', '\u202b', '\u202d', '\u202e', '\u2066', '\u2067', '\u2069', '\u061c', '\u200e', '\u200f'])),
		() => some(() => pick(['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u180e'])),
		() => pick(['\r\n', '\n\n', '\u2028', '\u2029', '\u0085', '\t\t', '\v', '\f', '\b\b\b']),
		() => some(() => code(0x300, 0x370)),
		() => some(() => pick(['👩‍👩‍👧', '🏳️‍🌈', '漢字', 'ｗｉｄｅ', '𒐫', '﷽', '\u{e0041}', '\u{1f3fb}'])),
		// Half of a pair; JSON's own escapes carry it.
		() => code(0xd800, 0xe000),
		() => invalid,
		() => pick(['"', "'", '\\', '$(reboot)', '`id`', '; rm -rf /', '|', '%s%n', '../../etc', '-rf', '--help', '{{.}}', '<b>', '| a | b |']),
		() => pick(['__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN', '-1', '1e999']),
	];
	return `x${some(() => pick(kinds)())}`;
}

/** Stands for bytes that are no UTF-8: replaced when the text has become bytes. */
const invalid = 'INVALID-UTF-8';

/** The text as bytes, with sequences of bytes that no UTF-8 holds (a lone continuation, an overlong form, half of a character). */
export function asBytes(text: string): Buffer {
	const parts = text.split(invalid).map(part => Buffer.from(part));
	return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [bad[index % bad.length] as Buffer, part])));
}

const bad = [Buffer.from([0x80]), Buffer.from([0xc0, 0xaf]), Buffer.from([0xe2, 0x82]), Buffer.from([0xff, 0xfe])];

/** Characters that a terminal may obey, apart from the line breaks between the lines. */
export function controlsIn(text: string): string[] {
	return [...text.matchAll(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu)].map(({index}) =>
		JSON.stringify(text.slice(Math.max(0, index - 30), index + 10)),
	);
}

/** What Ink and a shown cursor write: to be taken out before others' sequences are looked for. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences start with ESC.
export const ownSequences = /\u001b\[\?(?:25|1049|2004|2026)[hl]|\u001b\[[\d;]*[ABCDEFGHJKm]/g;
