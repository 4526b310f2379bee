export interface Size {
	columns: number;
	rows: number;
}

export type Pane = 'networks' | 'containers' | 'flow' | 'probes';
export const panes: readonly Pane[] = ['networks', 'containers', 'flow', 'probes'];

/** Outer size of a framed box, in cells. */
export interface Box {
	width: number;
	height: number;
}

/** Which boxes are drawn, and how large. Absent: not drawn at this size. */
export interface Layout {
	kind: 'tooSmall' | 'narrow' | 'wide';
	boxes: Partial<Record<Pane | 'box' | 'details', Box>>;
	/** The probes have one line above the footer instead of a pane. */
	probeLine: boolean;
	/** Rows between the header and the probe line or footer. */
	body: number;
}

/** What the layout depends on besides the size of the terminal. */
export interface LayoutNeeds {
	pane: Pane;
	zoomed: boolean;
	networks: number;
	hops: number;
}

export const least: Size = {columns: 40, rows: 10};

/**
 * Divides the screen. Columns and rows are decided apart: from 120 columns the four panes stand side by side, below that each is a view of its own;
 * under 32 rows the probes are one line and the box under the lists is hidden; under 24 the details open with enter.
 *
 *     header                                        header
 *     ┌ networks ──┐┌ flow ────────────────────┐    ┌ list of one view ────────┐
 *     └────────────┘│                          │    │                          │
 *     ┌ containers ┐└──────────────────────────┘    └──────────────────────────┘
 *     │            │┌ details ─────────────────┐    ┌ its details ─────────────┐
 *     └────────────┘│                          │    │                          │
 *     ┌ box ───────┐└──────────────────────────┘    └──────────────────────────┘
 *     │            │┌ probes ──────────────────┐    probes, in one line
 *     └────────────┘└──────────────────────────┘    footer
 *     footer
 */
export function layoutOf(size: Size, needs: LayoutNeeds): Layout {
	if (size.columns < least.columns || size.rows < least.rows) return {kind: 'tooSmall', boxes: {}, probeLine: false, body: size.rows};
	const low = size.rows < 32;
	const body = size.rows - (low ? 3 : 2);
	// Side by side needs some height as well: two lists stand above each other.
	const kind = size.columns < 120 || size.rows < 16 ? 'narrow' : 'wide';
	const boxes = kind === 'narrow' ? narrow(size, needs, body) : wide(size, needs, body);
	return {kind, boxes, probeLine: low, body};
}

function narrow({columns, rows}: Size, {pane, zoomed, hops}: LayoutNeeds, body: number): Layout['boxes'] {
	const details = isList(pane) ? 'box' : 'details';
	if (zoomed) return {[details]: {width: columns, height: body}};
	if (rows < 24) return {[pane]: {width: columns, height: body}};
	const height = pane === 'flow' ? clamp(hops + 3, 8, body - 8) : Math.ceil(body / 2);
	return {[pane]: {width: columns, height}, [details]: {width: columns, height: body - height}};
}

function wide({columns, rows}: Size, {zoomed, networks, hops}: LayoutNeeds, body: number): Layout['boxes'] {
	const left = clamp(Math.floor(columns * 0.36), 40, 60);
	const right = columns - left;
	const box = rows < 32 ? 0 : clamp(Math.floor(body * 0.3), 10, 14);
	const top = clamp(networks + 3, 5, Math.floor((body - box) / 2));
	const probes = rows < 32 || zoomed ? 0 : clamp(Math.floor(body * 0.2), 6, 10);
	const room = body - probes;
	const flow = zoomed ? 0 : rows < 24 ? room : clamp(hops + 3, 8, room - 10);
	return {
		networks: {width: left, height: top},
		containers: {width: left, height: body - box - top},
		...(box > 0 && {box: {width: left, height: box}}),
		...(flow > 0 && {flow: {width: right, height: flow}}),
		...(room > flow && {details: {width: right, height: room - flow}}),
		...(probes > 0 && {probes: {width: right, height: probes}}),
	};
}

/** Whether the pane's details are a box about a network or container (else about a hop or a probe). */
function isList(pane: Pane): boolean {
	return pane === 'networks' || pane === 'containers';
}

function clamp(value: number, low: number, high: number): number {
	return Math.max(low, Math.min(value, high));
}
