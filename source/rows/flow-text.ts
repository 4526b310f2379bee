import type {Hop, Path} from '../model/index.js';
import {hopRows} from './hops.js';
import {escaped, markdownTable} from './markdown.js';
import {plainTable} from './plain.js';
import {ruleLines} from './rules.js';
import type {Table} from './table.js';
import {verdictLines} from './verdict.js';
import {answerDecides, flowTitle, verdictPhrase} from './words/en.js';

export interface FlowTextOptions {
	/** Whose network it is. */
	hostName: string;
	/** Columns to cut to; null: nothing is cut. */
	width: number | null;
	markdown: boolean;
	/** Show the way back. */
	reply: boolean;
	/** List the rules of every hop. */
	rules: boolean;
	/** Turn the table round: the process first. Hops keep their numbers. */
	processFirst: boolean;
}

/** A path as text: what is asked, the request-flow table, the rules and the way back where wanted, the verdict last. */
export function flowLines(path: Path, options: FlowTextOptions): string[] {
	const title = `${flowTitle(path)} on ${options.hostName}`;
	return [
		...(options.markdown ? [`## ${escaped(title)}`, ''] : [title]),
		...hopLines(path.hops, options),
		...replyLines(path, options),
		...(options.markdown ? ['', ...verdictLines(path).flatMap(line => [escaped(line), ''])] : verdictLines(path)),
	];
}

function hopLines(hops: Hop[], {markdown, width, rules, processFirst}: FlowTextOptions): string[] {
	const table = turned(hopRows({hops}), processFirst);
	const listed = rules ? ruleLines(hops) : [];
	if (markdown) return [...markdownTable(table), ...(listed.length > 0 ? ['', '```', ...listed.slice(1), '```'] : [])];
	return [...plainTable(table, width), ...listed, ...(listed.length > 0 ? [''] : [])];
}

/** Where the answer is what decides, its way is shown even if nobody asked for it. */
function replyLines(path: Path, options: FlowTextOptions): string[] {
	const {reply} = path;
	if (!reply || !(options.reply || answerDecides(path))) return [];
	const title = `the way back: ${verdictPhrase({...reply, lost: null})}`;
	return ['', ...(options.markdown ? [`### ${title}`, ''] : [title]), ...hopLines(reply.hops, options)];
}

function turned(table: Table, processFirst: boolean): Table {
	return processFirst ? {...table, rows: table.rows.toReversed()} : table;
}
