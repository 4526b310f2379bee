/**
 * The lines of a flow in Markdown up to its verdict, with what is different on every run masked: process ids, names of veths and
 * bridges, counters.
 */
export function maskedFlow(markdown: string): string[] {
	const lines = markdown.trimEnd().split('\n');
	const verdict = lines.findIndex(line => /^(delivered|blocked|forwarded|undetermined)\b/.test(line));
	return lines
		.slice(0, verdict + 1)
		.filter(line => !line.startsWith('## '))
		.map(line =>
			line
				.replace(/\bveth[0-9a-f]{7}\b/g, 'veth…')
				.replace(/\bbr-[0-9a-f]{12}\b/g, 'br-…')
				.replace(/\((\d+)\)/g, '(PID)')
				.replace(/ -t \d+ /g, ' -t PID ')
				.replace(/\d+ packets?, \d+ bytes/g, 'N packets, N bytes')
				.replace(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, 'MAC')
				.replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{12}\b/g, 'ID'),
		)
		.join('\n')
		.trim()
		.split('\n');
}
