import type {Verdict} from '../model/index.js';
import {marks} from './marks.js';
import type {Table} from './table.js';

/** The table in Markdown (GitHub's), a column "VERDICT" in front where rows have one. */
export function markdownTable(table: Table): string[] {
	const marked = table.rows.some(row => row.verdict !== null);
	const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
	const titles = table.columns.map(column => column.title);
	const rules = table.columns.map(column => (column.align === 'right' ? '--:' : '---'));
	return [
		line(marked ? ['VERDICT', ...titles] : titles),
		`| ${(marked ? ['---', ...rules] : rules).join(' | ')} |`,
		...table.rows.map(row => line(marked ? [verdictCell(row.verdict), ...row.cells] : row.cells)),
	];
}

/** A text that Markdown shows as it is: nothing in it becomes a cell border, emphasis, code, a link or HTML. */
export function escaped(text: string): string {
	return text.replace(/[\\|`*_[\]<>~]/g, '\\$&');
}

function verdictCell(verdict: Verdict | null): string {
	return verdict === null ? '' : `${marks[verdict]} ${verdict === 'notReached' ? 'not reached' : verdict}`;
}
