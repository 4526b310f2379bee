import {expect, test} from 'vitest';
import {emptyList, type Move, moveList, selectId, settleList} from '../../../source/ui/state/list.js';

const ids = Array.from({length: 10}, (_, index) => `row${index}`);
const at = (index: number, top: number) => ({selected: `row${index}`, index, top});

test.each<[string, ReturnType<typeof at>, Move, ReturnType<typeof at>]>([
	['down by one', at(0, 0), 'down', at(1, 0)],
	['down past the window scrolls by one', at(3, 0), 'down', at(4, 1)],
	['stops at the last row', at(9, 6), 'down', at(9, 6)],
	['stops at the first row', at(0, 0), 'up', at(0, 0)],
	['up past the window scrolls by one', at(4, 4), 'up', at(3, 3)],
	['a page keeps one row in sight', at(0, 0), 'pageDown', at(3, 0)],
	['a page from the bottom of the window', at(3, 0), 'pageDown', at(6, 3)],
	['a page up', at(6, 3), 'pageUp', at(3, 3)],
	['to the last', at(2, 0), 'last', at(9, 6)],
	['to the first', at(9, 6), 'first', at(0, 0)],
])('%s', (_, before, move, after) => {
	expect(moveList(before, move, ids, 4)).toEqual(after);
});

test('rows that come and go leave the cursor on its row', () => {
	const list = at(5, 3);
	expect(settleList(list, ['new', ...ids], 4)).toEqual({selected: 'row5', index: 6, top: 3});
	expect(settleList(list, ids.slice(3), 4)).toEqual({selected: 'row5', index: 2, top: 2});
});

test('where the selected row is gone, the one in its place is selected', () => {
	expect(settleList(at(5, 3), ids.toSpliced(5, 1), 4)).toEqual({selected: 'row6', index: 5, top: 3});
	expect(settleList(at(9, 6), ids.slice(0, 9), 4)).toEqual({selected: 'row8', index: 8, top: 5});
	expect(settleList(at(9, 6), [], 4)).toEqual(emptyList);
});

test('a list that does not change is the same value', () => {
	const list = at(5, 3);
	expect(settleList(list, ids, 4)).toBe(list);
	expect(selectId(list, 'nobody', ids, 4)).toBe(list);
});

test('a window that shrinks keeps the cursor in sight', () => {
	expect(settleList(at(9, 0), ids, 3)).toEqual(at(9, 7));
});
