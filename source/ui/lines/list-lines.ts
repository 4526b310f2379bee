import {toAscii} from '../../rows/ascii.js';
import {marks} from '../../rows/marks.js';
import type {Row, Table} from '../../rows/table.js';
import {cellIn, columnGap, columnWidths} from '../../rows/widths.js';
import type {ListState} from '../state/list.js';
import {memo} from '../state/memo.js';
import {type Line, type Look, type Style, span} from './line.js';

/**
 * A table as lines of at most `width` cells: the titles, then the rows in the window of `height` rows. Only these are built, so that
 * hundreds of rows cost no more than a screenful.
 */
export function listLines(table: Table, list: ListState, width: number, height: number, look: Look): Line[] {
	const shown = look.ascii ? asciiTable(table) : table;
	const marked = shown.rows.some(row => row.verdict !== null);
	const widths = columnWidths(shown, width - (marked ? 3 : 2));
	const cells = (row: Pick<Row, 'cells' | 'brief'>) =>
		widths.map((size, index) => cellIn(row, index, size, shown.columns[index]?.align)).join(' '.repeat(columnGap));
	const titles: Line = [span(`${marked ? '   ' : '  '}${cells({cells: shown.columns.map(column => column.title)})}`, 'quiet')];
	return [
		titles,
		...shown.rows.slice(list.top, list.top + height).map(row => {
			const selected = row.id === list.selected;
			const mark = marked ? [span(row.verdict === null ? '  ' : `${marks[row.verdict]} `, styleOf(row))] : [];
			return [
				span(selected ? '▸' : ' ', selected ? 'strong' : undefined),
				...gap(marked),
				...mark,
				span(cells(row), selected ? 'strong' : rowStyle(row)),
			];
		}),
	];
}

/** "3 more below", "12 above · 3 below", or nothing. */
export function moreWords(count: number, {top}: ListState, height: number): string {
	const below = Math.max(0, count - top - height);
	if (top > 0) return below > 0 ? `${top} above · ${below} below` : `${top} more above`;
	return below > 0 ? `${below} more below` : '';
}

function gap(marked: boolean): Line {
	return [span(marked ? '' : ' ')];
}

function styleOf({verdict}: Row): Style | undefined {
	return verdict === null ? undefined : verdict === 'notReached' ? 'quiet' : verdict;
}

/** What the request does not reach stands back; nothing else is coloured but its mark. */
function rowStyle({verdict}: Row): Style | undefined {
	return verdict === 'notReached' ? 'quiet' : undefined;
}

const asciiTable = memo(
	(table: Table): Table => ({
		columns: table.columns,
		rows: table.rows.map(row => ({...row, cells: row.cells.map(toAscii), brief: row.brief?.map(toAscii)})),
	}),
);
