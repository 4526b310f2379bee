import stringWidth from 'string-width';
import {graphemes} from '../text/graphemes.js';
import type {Row, Table} from './table.js';

/**
 * Width of every column in terminal cells: its widest content, less where `available` (cells for all columns and the gaps
 * between them) is short. Columns give up width in the order of `shrink`, the highest first, and in stages: all down to
 * what is still well readable before one goes further.
 * Without `available` nothing is cut but what exceeds `most`.
 */
export function columnWidths(table: Table, available: number | null): number[] {
	const {columns} = table;
	const widths = naturalWidths(table, row => row.cells).map((width, index) => Math.min(width, columns[index]?.most ?? width));
	if (available === null || total(widths) <= available) return widths;
	const brief = naturalWidths(table, row => row.cells.map((cell, index) => row.brief?.[index] || cell));
	const order = columns.map((column, index) => ({...column, index})).filter(({shrink}) => shrink > 0);
	order.sort((a, b) => b.shrink - a.shrink);
	const stages: ((column: (typeof order)[number]) => number)[] = [
		({least}) => least ?? Number.POSITIVE_INFINITY,
		({index}) => brief[index] ?? 0,
		...floors.map(floor => () => floor),
	];
	for (const stage of stages) {
		for (const column of order) {
			const width = widths[column.index] ?? 0;
			const spare = Math.max(0, width - Math.max(stage(column), stringWidth(column.title)));
			widths[column.index] = width - Math.min(Math.max(0, total(widths) - available), spare);
		}
	}
	return widths;
}

/** A row's cell in exactly `width` cells: its short form where the full one does not fit. */
export function cellIn(row: Pick<Row, 'cells' | 'brief'>, index: number, width: number, align: 'left' | 'right' = 'left'): string {
	const full = row.cells[index] ?? '';
	return padded(stringWidth(full) > width ? row.brief?.[index] || full : full, width, align);
}

/** The text in exactly `width` cells: names cut in the middle, so that both ends stay readable, and filled up with spaces. */
export function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
	const shown = cutMiddle(text, width);
	const space = ' '.repeat(Math.max(0, width - stringWidth(shown)));
	return align === 'right' ? space + shown : shown + space;
}

/** The text in at most `width` cells, its middle replaced by "…" where it is longer. */
export function cutMiddle(text: string, width: number): string {
	if (stringWidth(text) <= width) return text;
	if (width < 2) return '…'.slice(0, width);
	const parts = graphemes(text);
	const head = take(parts, Math.ceil((width - 1) / 2));
	const tail = take(parts.toReversed(), width - 1 - stringWidth(head.join('')));
	return `${head.join('')}…${tail.toReversed().join('')}`;
}

function naturalWidths(table: Table, cells: (row: Row) => readonly string[]): number[] {
	const rows = table.rows.map(cells);
	return table.columns.map((column, index) => Math.max(stringWidth(column.title), ...rows.map(row => stringWidth(row[index] ?? ''))));
}

function total(widths: readonly number[]): number {
	return widths.reduce((sum, width) => sum + width, 0) + columnGap * Math.max(0, widths.length - 1);
}

function take(parts: readonly string[], width: number): string[] {
	let used = 0;
	const end = parts.findIndex(part => {
		used += stringWidth(part);
		return used > width;
	});
	return end < 0 ? [...parts] : parts.slice(0, end);
}

/** Cells between two columns. */
export const columnGap = 2;
/** Cells that a cut column keeps: first every one of them 20, then 6. */
const floors = [20, 6];
