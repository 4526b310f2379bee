import type {TextProps} from 'ink';
import type {Look, Style} from './lines/line.js';

/** How a style is drawn, in the terminal's own 16 colours; without colour only weight is left, and the marks say the rest. */
export function drawn(style: Style | undefined, {color}: Look): TextProps {
	if (!style) return {};
	const {color: hue, ...weight} = styles[style];
	return color && hue ? {...weight, color: hue} : weight;
}

/** Corners and lines of a frame; the one that has the keys is heavy. */
export function frameOf(focused: boolean, {ascii}: Look): Frame {
	if (ascii)
		return focused ? {corners: ['#', '#', '#', '#'], across: '=', down: '#'} : {corners: ['+', '+', '+', '+'], across: '-', down: '|'};
	return focused ? {corners: ['┏', '┓', '┗', '┛'], across: '━', down: '┃'} : {corners: ['┌', '┐', '└', '┘'], across: '─', down: '│'};
}

export interface Frame {
	/** Top left, top right, bottom left, bottom right. */
	corners: readonly [string, string, string, string];
	across: string;
	down: string;
}

const styles: Record<Style, Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse'>> = {
	passes: {color: 'green'},
	blocks: {color: 'red', bold: true},
	undetermined: {color: 'yellow', bold: true},
	quiet: {dimColor: true},
	strong: {bold: true},
	caret: {inverse: true},
};
