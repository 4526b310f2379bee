/**
 * The sources that are asked for host names, in order, as the line "hosts:" of nsswitch.conf(5) says. Only files and dns are
 * known here; `others` names the rest (mdns4_minimal, resolve, myhostname …). Without a line: files, then dns, as musl, Go and
 * the images of the large distributions have it.
 */
export function hostSources(text: string): {order: ('files' | 'dns')[]; others: string[]} {
	const line = text
		.split('\n')
		.map(content => /^\s*hosts:([^#]*)/.exec(content)?.[1])
		.findLast(found => found !== undefined);
	if (line === undefined) return {order: ['files', 'dns'], others: []};
	const words = line
		// What is to be done after an answer: a bracket that is not closed holds no other.
		.replace(/\[[^[\]]*\]/g, ' ')
		.trim()
		.split(/\s+/)
		.filter(word => word !== '');
	const known = (word: string): word is 'files' | 'dns' => word === 'files' || word === 'dns';
	return {order: words.filter(known), others: words.filter(word => !known(word))};
}
