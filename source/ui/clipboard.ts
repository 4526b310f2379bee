/**
 * The bytes that make the terminal itself (so also the far end of an SSH line) put text into its clipboard: OSC 52
 * (xterm's ctlseqs); inside tmux wrapped so that it is passed on.
 */
export function clipboardSequence(text: string, inTmux: boolean): string {
	const sequence = `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
	return inTmux ? `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\` : sequence;
}
