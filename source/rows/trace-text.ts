import type {Proof} from '../proof/proof.js';
import {escaped, markdownTable} from './markdown.js';
import {plainTable} from './plain.js';
import {replyFacts, traceTable} from './trace.js';
import {traceVerdict, traceWords} from './trace-words.js';

export interface TraceTextOptions {
	markdown: boolean;
	/** Columns to cut to; null: nothing is cut. */
	width: number | null;
	/** Versions of what took part, for who reads it elsewhere; empty: not told. */
	about: string;
}

/** A trace as text: the title, the table (and that of the way back where the answer was lost), what it says, how it compares with the explanation. */
export function traceLines(proof: Proof, title: string, {markdown, width, about}: TraceTextOptions): string[] {
	const draw = (facts: Parameters<typeof traceTable>[0]) => {
		const table = traceTable(facts, {where: true});
		return markdown ? markdownTable(table) : plainTable(table, width);
	};
	const {path} = proof;
	const back =
		path.lost === 'answer' && path.reply ? `the way back: ${traceVerdict({...path, blockedAt: path.reply.blockedAt, reply: null})}` : '';
	const words = [...traceWords(proof), ...(about === '' ? [] : [about])];
	if (!markdown) return [title, ...draw(proof), ...(back === '' ? [] : ['', back, ...draw(replyFacts(proof))]), ...words];
	return [
		`## ${escaped(title)}`,
		'',
		...draw(proof),
		...(back === '' ? [] : ['', `### ${escaped(back)}`, '', ...draw(replyFacts(proof))]),
		'',
		...words.flatMap(line => [escaped(line), '']),
	];
}
