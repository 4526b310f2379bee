/** Where the cursor of a list is, and the first row that is drawn. Keyed by id, so that it stays on its row when others come and go. */
export interface ListState {
	selected: string | null;
	/** Of the selected row when the list was last settled: where the cursor goes if that row vanishes. */
	index: number;
	top: number;
}

export type Move = 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last';

export const emptyList: ListState = {selected: null, index: 0, top: 0};

/** Moves the cursor among `ids`, of which `height` are visible; it stops at both ends. */
export function moveList(list: ListState, move: Move, ids: readonly string[], height: number): ListState {
	const page = Math.max(1, height - 1);
	const steps: Record<Move, number> = {up: -1, down: 1, pageUp: -page, pageDown: page, first: -ids.length, last: ids.length};
	return selectIndex(list, list.index + steps[move], ids, height);
}

/** Selects a row by its id; an id that is not in the list leaves it as it is. */
export function selectId(list: ListState, id: string, ids: readonly string[], height: number): ListState {
	const index = ids.indexOf(id);
	return index < 0 ? list : selectIndex(list, index, ids, height);
}

/** Brings the list in line with new rows or a new height: the selected id stays selected; if it is gone, the row in its place is. */
export function settleList(list: ListState, ids: readonly string[], height: number): ListState {
	const found = list.selected === null ? -1 : ids.indexOf(list.selected);
	return selectIndex(list, found < 0 ? list.index : found, ids, height);
}

function selectIndex(list: ListState, wanted: number, ids: readonly string[], height: number): ListState {
	const index = Math.max(0, Math.min(wanted, ids.length - 1));
	const selected = ids[index] ?? null;
	const lastTop = Math.max(0, ids.length - height);
	const top = Math.max(0, Math.min(Math.max(Math.min(list.top, index), index - Math.max(1, height) + 1), lastTop));
	// The same value again, so that a pane that compares by identity is not drawn for nothing.
	return selected === list.selected && index === list.index && top === list.top ? list : {selected, index, top};
}
