import {load} from './load.ts';

type Words = typeof import('../../source/rows/words/explain.ts');
/** A flow of a real engine, as test/engine/shown-flows.test.ts keeps it in docs/flows.json. */
export interface Flow {
	ask: string;
	words: string;
	driver: string | null;
	/** Kinds of its hops. */
	kinds: string[];
	/** In Markdown, with what differs from run to run masked. */
	lines: string[];
}

type Explained = import('../../source/rows/words/explain.ts').Explained;

/** The pages of docs/{hops,drivers,causes,findings,unknowns}/ and their index, from the words of `dockhop explain`. */
export async function wordPages(flows: readonly Flow[]): Promise<Map<string, string>> {
	const words = await load<Words>('rows/words/explain.ts');
	const everything = words.everythingExplained();
	const contents = Object.entries(words.shelfWords).map(([shelf, title]) => {
		const items = everything.filter(one => one.shelf === shelf).map(({id, entry}) => `* [${id}](${shelf}/${id}.md): ${entry.title}`);
		return `## ${title[0]?.toUpperCase()}${title.slice(1)}\n\n${items.join('\n')}\n`;
	});
	const index = `# What dockhop explains\n\nThe same words as \`dockhop explain NAME\`.\n\n${contents.join('\n')}`;
	const pages = everything.map(one => [`docs/${one.shelf}/${one.id}.md`, entryPage(one, words.shelfWords, flows)] as const);
	return new Map([['docs/index.md', index], ...pages]);
}

/** One entry as a page in Markdown. */
function entryPage({id, shelf, entry}: Explained, shelfWords: Words['shelfWords'], flows: readonly Flow[]): string {
	const lists = [
		...markdownSection(
			'See it',
			entry.see.map(([command, shows]) => `\`${command}\`: ${shows}`),
		),
		...markdownSection('What to do', entry.todo),
		...flowSection(flows.find(flow => (shelf === 'hops' ? flow.kinds.includes(id) : shelf === 'drivers' && flow.driver === id))),
	];
	return `${[`# ${id}: ${entry.title}`, `*${shelfWords[shelf]}*`, entry.about, ...entry.more, ...lists].join('\n\n')}\n`;
}

function markdownSection(title: string, items: string[]): string[] {
	return items.length === 0 ? [] : [`## ${title}`, items.map(item => `* ${item}`).join('\n')];
}

function flowSection(flow: Flow | undefined): string[] {
	if (!flow) return [];
	const {ask, words, lines} = flow;
	return ['## On a real host', `${words} \`${ask}\` on an engine 28.5, what differs from run to run masked:`, lines.join('\n')];
}
