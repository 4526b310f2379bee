import {Box} from 'ink';
import {toAscii} from '../../rows/ascii.js';
import {cutMiddle} from '../../rows/widths.js';
import {fitLine, type Line, type Look, lineWidth, type Span, span} from '../lines/line.js';
import {frameOf, type Frame as Lines} from '../theme.js';
import {LineText} from './line-text.js';

export interface FrameProps {
	title: string;
	/** Right in the upper border. */
	right?: Span;
	/** Left and right in the lower border. */
	bottomLeft?: string;
	bottomRight?: string;
	lines: readonly Line[];
	width: number;
	height: number;
	focused: boolean;
	look: Look;
	/** Only the beginning of the line above is drawn. Without a right side, a changed line ends with its text: fewer bytes over a slow line. */
	open?: boolean;
}

/** A box with its title in the border, filled with lines that are cut or padded to its inside. */
export function Frame({title, right, bottomLeft = '', bottomRight = '', lines, width, height, focused, look, open = false}: FrameProps) {
	const frame = frameOf(focused, look);
	const [topLeft, topRight, lowLeft, lowRight] = open ? [frame.across, '', ' ', ' '] : frame.corners;
	const inside = Array.from({length: Math.max(0, height - 2)}, (_, index) => lines[index] ?? []);
	const head = span(title, focused ? 'strong' : undefined);
	const top = open ? headline(frame, head, right, width - 2, look) : border(frame, head, right, width - 2, look);
	const low = open ? spread(bottomLeft, bottomRight, width - 2, look) : border(frame, span(bottomLeft), span(bottomRight), width - 2, look);
	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			<LineText line={[span(topLeft), ...top, span(topRight)]} look={look} />
			{inside.map((line, index) => (
				<LineText
					// biome-ignore lint/suspicious/noArrayIndexKey: a line of the box is its place.
					key={index}
					line={
						open ? [span(' '), ...fitLine(line, width - 2, look)] : [span(frame.down), ...fitLine(line, width - 2, look), span(frame.down)]
					}
					look={look}
				/>
			))}
			<LineText line={[span(lowLeft), ...low, span(lowRight)]} look={look} />
		</Box>
	);
}

/** "─ title ──────── right ─" in `width` cells. Where both are too long, the right part leaves the title its first words. */
function border({across}: Lines, left: Span, right: Span | undefined, width: number, look: Look): Line {
	const leftWidth = lineWidth([left]);
	const end =
		right && right.text !== '' ? fitted(right, width - 4 - (leftWidth > 0 ? Math.min(leftWidth, leastTitle) + 3 : 0), look) : null;
	const endWidth = end ? lineWidth([end]) + 2 : 0;
	const start = leftWidth > 0 ? fitted(left, width - endWidth - 5, look) : null;
	const startWidth = start ? lineWidth([start]) + 2 : 0;
	const fill = Math.max(0, width - startWidth - endWidth - 2);
	return [
		span(across),
		...(start ? [span(' '), start, span(' ')] : []),
		span(across.repeat(fill)),
		...(end ? [span(' '), end, span(' ')] : []),
		span(across),
	];
}

/** "─ title ── right", and nothing behind it. Where both are too long, the right part leaves the title its first words. */
function headline({across}: Lines, left: Span, right: Span | undefined, width: number, look: Look): Line {
	const signs = 6;
	const end = right && right.text !== '' ? fitted(right, width - signs - Math.min(lineWidth([left]), leastTitle), look) : null;
	const start = fitted(left, width - signs - (end ? lineWidth([end]) : 0), look);
	return [span(across), span(' '), start, span(' '), ...(end ? [span(across.repeat(2)), span(' '), end] : [])];
}

/** One text at each end of the line. */
function spread(left: string, right: string, width: number, look: Look): Line {
	const room = width - lineWidth([span(left)]) - lineWidth([span(right)]);
	return fitLine([span(left), span(' '.repeat(Math.max(1, room))), span(right)], width, look);
}

function fitted({text, style}: Span, width: number, {ascii}: Look): Span {
	const shown = cutMiddle(ascii ? toAscii(text) : text, Math.max(1, width));
	return {text: ascii ? toAscii(shown) : shown, style};
}

const leastTitle = 16;
