import {Box, Text} from 'ink';
import SelectInput from 'ink-select-input';
import type {ReactNode} from 'react';
import stringWidth from 'string-width';
import {toAscii} from '../../rows/ascii.js';
import {padded} from '../../rows/widths.js';
import {LineText} from '../components/line-text.js';
import type {Size} from '../layout.js';
import {fitLine, type Look, span} from '../lines/line.js';
import {wrapWords} from '../lines/wrap.js';
import {frameOf} from '../theme.js';

interface Props {
	labels: readonly string[];
	/** The one under the cursor. */
	index: number;
	/** Cells for a label. */
	width: number;
	/** Items that are visible at once. */
	limit: number;
	look: Look;
}

/**
 * A short menu, drawn by ink-select-input. Its cursor is ours: of keys that arrive in one piece the component would see
 * only the state before the first one, and choose the wrong item.
 */
export function Choices({labels, index, width, limit, look}: Props) {
	// What is cut is marked with a sign that ASCII has not either.
	const drawn = (label: string) => (look.ascii ? toAscii(padded(toAscii(label), width)) : padded(label, width));
	const items = labels.map((label, at) => ({label: drawn(label), value: at}));
	return (
		<SelectInput
			key={index}
			items={items}
			initialIndex={index}
			limit={limit}
			isFocused={false}
			indicatorComponent={look.ascii ? AsciiIndicator : Indicator}
			itemComponent={Item}
		/>
	);
}

function Indicator({isSelected = false}: {isSelected?: boolean}) {
	return <Text bold>{isSelected ? ' ▸ ' : '   '}</Text>;
}

function AsciiIndicator({isSelected = false}: {isSelected?: boolean}) {
	return <Text bold>{isSelected ? ' > ' : '   '}</Text>;
}

function Item({isSelected = false, label}: {isSelected?: boolean; label: string}) {
	return <Text bold={isSelected}>{label}</Text>;
}

interface MenuProps extends Omit<Props, 'width' | 'limit'> {
	title: string;
	/** What is asked, above the choices. */
	words?: readonly string[];
	screen: Size;
}

/** A framed menu over the screen. */
export function Menu({title, screen, words = [], labels, index, look}: MenuProps) {
	const longest = Math.max(stringWidth(title) + 4, ...labels.map(label => stringWidth(label)), words.length > 0 ? wordsWidth : 0);
	const inner = Math.min(screen.columns - 6, longest + 5);
	const limit = Math.min(labels.length, screen.rows - 6);
	// On the smallest screens the choices go first.
	const lines = words.flatMap(line => wrapWords(line, inner - 2)).slice(0, Math.max(0, screen.rows - 4 - limit));
	return (
		<Overlay
			title={title}
			inner={inner}
			height={lines.length + limit}
			bottom={labels.length > limit ? ` ${labels.length - limit} more: ↑↓ ` : ''}
			screen={screen}
			look={look}
		>
			{lines.map((line, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line of the text is its place.
				<LineText key={at} line={fitLine([span(` ${line}`)], inner, look)} look={look} />
			))}
			<Choices labels={labels} index={index} width={inner - 3} limit={limit} look={look} />
		</Overlay>
	);
}

interface OverlayProps {
	title: string;
	inner: number;
	height: number;
	/** In the lower edge. */
	bottom: string;
	screen: Size;
	look: Look;
	children: ReactNode;
}

function Overlay({title, inner, height, bottom, screen, look, children}: OverlayProps) {
	const {corners, across, down} = frameOf(true, look);
	const left = Math.max(0, Math.floor((screen.columns - inner - 2) / 2));
	const top = Math.max(0, Math.floor((screen.rows - height - 2) / 3));
	const head = fitLine(
		[span(across), span(` ${title} `, 'strong'), span(across.repeat(Math.max(0, inner - title.length - 3)))],
		inner,
		look,
	);
	const side = Array.from({length: height}, (_, index) => index);
	const edge = () => (
		<Box flexDirection="column">
			{side.map(index => (
				<Text key={index}>{down}</Text>
			))}
		</Box>
	);
	return (
		<Box position="absolute" marginLeft={left} marginTop={top} flexDirection="column" width={inner + 2}>
			<LineText line={[span(corners[0]), ...head, span(corners[1])]} look={look} />
			<Box>
				{edge()}
				<Box width={inner} flexDirection="column">
					{children}
				</Box>
				{edge()}
			</Box>
			<LineText
				line={[
					span(corners[2]),
					...fitLine([span(across.repeat(inner - stringWidth(bottom) - 1)), span(bottom), span(across)], inner, look),
					span(corners[3]),
				]}
				look={look}
			/>
		</Box>
	);
}

/** Cells for a text that is read before something is done. */
const wordsWidth = 64;
