import {expect, test} from 'vitest';
import {type LayoutNeeds, layoutOf, type Pane, panes} from '../../source/ui/layout.js';

const needs: LayoutNeeds = {pane: 'flow', zoomed: false, networks: 5, hops: 10};

test('120 columns and 32 rows: four panes, the box and the details', () => {
	const {kind, boxes, probeLine} = layoutOf({columns: 120, rows: 40}, needs);
	expect(kind).toBe('wide');
	expect(probeLine).toBe(false);
	expect(Object.keys(boxes).sort()).toEqual(['box', 'containers', 'details', 'flow', 'networks', 'probes']);
});

test('under 32 rows: the probes are one line and the box is hidden', () => {
	const {boxes, probeLine} = layoutOf({columns: 120, rows: 31}, needs);
	expect(probeLine).toBe(true);
	expect(Object.keys(boxes).sort()).toEqual(['containers', 'details', 'flow', 'networks']);
});

test('under 24 rows: the details open with enter', () => {
	expect(layoutOf({columns: 120, rows: 23}, needs).boxes.details).toBeUndefined();
	expect(layoutOf({columns: 120, rows: 23}, {...needs, zoomed: true}).boxes.details).toBeDefined();
	expect(Object.keys(layoutOf({columns: 80, rows: 23}, needs).boxes)).toEqual(['flow']);
	expect(Object.keys(layoutOf({columns: 80, rows: 23}, {...needs, zoomed: true}).boxes)).toEqual(['details']);
});

test.each(panes.map(pane => [pane] as const))('under 120 columns: one view, here %s, with its details below', pane => {
	const {kind, boxes} = layoutOf({columns: 119, rows: 40}, {...needs, pane});
	expect(kind).toBe('narrow');
	expect(Object.keys(boxes)).toEqual([pane, pane === 'flow' || pane === 'probes' ? 'details' : 'box']);
});

test('under 40×10: too small', () => {
	expect(layoutOf({columns: 39, rows: 24}, needs).kind).toBe('tooSmall');
	expect(layoutOf({columns: 80, rows: 9}, needs).kind).toBe('tooSmall');
	expect(layoutOf({columns: 40, rows: 10}, needs).kind).toBe('narrow');
});

test('at every size the boxes fill the body exactly', () => {
	for (let columns = 40; columns <= 200; columns += 7) {
		for (let rows = 10; rows <= 70; rows++) {
			for (const pane of panes) {
				for (const zoomed of [false, true]) {
					for (const [networks, hops] of [
						[1, 0],
						[5, 10],
						[60, 40],
					] as const) {
						const {boxes, body, kind} = layoutOf({columns, rows}, {pane, zoomed, networks, hops});
						const where = `${columns}×${rows} ${pane} ${zoomed} ${networks} ${hops}`;
						const heights = (...names: (Pane | 'box' | 'details')[]) => names.reduce((sum, name) => sum + (boxes[name]?.height ?? 0), 0);
						const [left, right] = [heights('networks', 'containers', 'box'), heights('flow', 'details', 'probes')];
						if (kind === 'wide') expect([left, right], where).toEqual([body, body]);
						else expect(left + right, where).toBe(body);
						for (const box of Object.values(boxes)) expect(box.height, where).toBeGreaterThanOrEqual(4);
					}
				}
			}
		}
	}
});
