import {Box, Text} from 'ink';
import SelectInput from 'ink-select-input';
import type {ReactNode} from 'react';
import {toAscii} from '../../rows/ascii.js';
import {padded} from '../../rows/widths.js';
import {LineText} from '../components/line-text.js';
import {fitLine, type Look, span} from '../lines/line.js';
import {frameOf} from '../theme.js';

interface Choice<V> {
	key: string;
	label: string;
	value: V;
}

interface Props<V> {
	items: Choice<V>[];
	/** Cells for a label. */
	width: number;
	/** Items that are visible at once. */
	limit: number;
	look: Look;
	onSelect(value: V): void;
}

/** A short fixed menu with the cursor of ink-select-input. */
export function Choices<V>({items, width, limit, look, onSelect}: Props<V>) {
	const shown = items.map(item => ({...item, label: padded(look.ascii ? toAscii(item.label) : item.label, width)}));
	return (
		<SelectInput
			items={shown}
			limit={limit}
			indicatorComponent={look.ascii ? AsciiIndicator : Indicator}
			itemComponent={Item}
			onSelect={item => onSelect(item.value)}
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

/** A framed menu over the screen. */
export function Menu<V>({
	title,
	screen,
	...choices
}: Omit<Props<V>, 'width' | 'limit'> & {title: string; screen: {columns: number; rows: number}}) {
	const longest = Math.max(title.length + 4, ...choices.items.map(({label}) => label.length));
	const inner = Math.min(screen.columns - 6, longest + 5);
	const limit = Math.min(choices.items.length, screen.rows - 6);
	return (
		<Overlay title={title} inner={inner} height={limit} screen={screen} look={choices.look}>
			<Choices {...choices} width={inner - 3} limit={limit} />
		</Overlay>
	);
}

interface OverlayProps {
	title: string;
	inner: number;
	height: number;
	screen: {columns: number; rows: number};
	look: Look;
	children: ReactNode;
}

function Overlay({title, inner, height, screen, look, children}: OverlayProps) {
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
				<Box width={inner}>{children}</Box>
				{edge()}
			</Box>
			<LineText line={[span(corners[2]), span(across.repeat(inner)), span(corners[3])]} look={look} />
		</Box>
	);
}
