import {marks} from './marks.js';
import type {Row, Table} from './table.js';
import {cellIn, columnGap, columnWidths} from './widths.js';

/** The table as lines without frames, a heading first; cut to `width` cells where one is given. No line ends in spaces. */
export function plainTable(table: Table, width: number | null = null): string[] {
	const marked = table.rows.some(row => row.verdict !== null);
	const front = (mark: string) => (marked ? ` ${mark} ` : '');
	const widths = columnWidths(table, width === null ? null : width - front(' ').length);
	const line = (mark: string, row: Pick<Row, 'cells' | 'brief'>) =>
		front(mark) +
		widths
			.map((size, index) => cellIn(row, index, size, table.columns[index]?.align))
			.join(' '.repeat(columnGap))
			.trimEnd();
	return [
		line(' ', {cells: table.columns.map(column => column.title)}).trimEnd(),
		...table.rows.map(row => line(row.verdict === null ? ' ' : marks[row.verdict], row)),
	];
}
