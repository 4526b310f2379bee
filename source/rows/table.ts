import type {Verdict} from '../model/index.js';

export interface Column {
	title: string;
	align: 'left' | 'right';
	/** Who gives up width first where it is short: the highest. 0: never cut (numbers, states). */
	shrink: number;
	/** Cells to which it gives way before any other column is touched; absent: it waits for its turn. */
	least?: number;
	/** Cells that it never exceeds, however much room there is. */
	most?: number;
}

export interface Row {
	id: string;
	/** One per column. */
	cells: string[];
	/** Shorter forms of the cells, for where a column is too narrow; absent or empty: there is none. */
	brief?: string[];
	/** Draws the mark in front of the row; null: none. */
	verdict: Verdict | null;
}

/** A list as every screen and every plain text shows it. */
export interface Table {
	columns: Column[];
	rows: Row[];
}

export interface ColumnOf<T> {
	title: string;
	align?: 'left' | 'right';
	shrink?: number;
	most?: number;
	cell(item: T): string;
	/** A shorter form that leaves out what can be read elsewhere. */
	brief?(item: T): string;
}

/** Columns and items → a table. `id` names the row for as long as the item lives. */
export function tableOf<T>(columns: ColumnOf<T>[], items: readonly T[], id: (item: T) => string, verdict?: (item: T) => Verdict): Table {
	return {
		columns: columns.map(({title, align = 'left', shrink = 0, most}) => ({title, align, shrink, ...(most === undefined ? {} : {most})})),
		rows: items.map(item => ({
			id: id(item),
			cells: columns.map(column => column.cell(item)),
			...(columns.some(column => column.brief) ? {brief: columns.map(column => column.brief?.(item) ?? '')} : {}),
			verdict: verdict?.(item) ?? null,
		})),
	};
}
