/** Suite of Debian's archive that each engine comes from; null: the one installed on this machine. */
export const suites = {'20.10': null, '26.1': 'trixie', '28.5': 'sid'} as const;

/** An engine by the version that its suite carried when this was written; `Lab.version` says which one it really is. */
export type EngineName = keyof typeof suites;

/** The engines that tests run against. DOCKHOP_ENGINES (e.g. "20.10,28.5") narrows them; a name not known is an error. */
export const engines = chosen(process.env.DOCKHOP_ENGINES || Object.keys(suites).join());

export function isEngineName(text: string): text is EngineName {
	return Object.hasOwn(suites, text);
}

function chosen(list: string): EngineName[] {
	return list.split(',').map(name => {
		if (isEngineName(name)) return name;
		throw new Error(`DOCKHOP_ENGINES: no engine "${name}" (there are ${Object.keys(suites).join(', ')})`);
	});
}
