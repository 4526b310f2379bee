import type {State} from '../state/state.js';
import {findingLines} from './finding-lines.js';
import {helpLines} from './help-lines.js';
import type {Line, Look} from './line.js';

interface Overlay {
	title: string;
	lines(state: State, width: number, look: Look): Line[];
}

/** Screens of text that lie over the panes, scrolled and closed in the same way. A new one is a file of lines, and a line here. */
export const overlays = {
	help: {title: 'Keys', lines: helpLines},
	findings: {title: 'Findings', lines: (state, width) => findingLines(state.flow.explanation?.path ?? {findings: []}, width)},
} satisfies Record<string, Overlay>;

export type OverlayName = keyof typeof overlays;

/** The screen over the panes that has the keys; null: none has. */
export function overlayOf(mode: State['mode']): (Overlay & {top: number}) | null {
	return mode.kind in overlays && 'top' in mode ? {...overlays[mode.kind], top: mode.top} : null;
}
