import {memo} from 'react';
import type {Table} from '../../rows/table.js';
import {Frame} from '../components/frame.js';
import type {Box} from '../layout.js';
import {type Line, type Look, type Span, span} from '../lines/line.js';
import {listLines, moreWords} from '../lines/list-lines.js';
import type {ListState} from '../state/list.js';

interface Props {
	title: string;
	right?: string;
	rightStyle?: Span['style'];
	/** Left in the lower border, where no filter stands. */
	below?: string;
	table: Table;
	list: ListState;
	filter: string;
	/** What stands there when there are no rows. */
	empty: string;
	box: Box;
	focused: boolean;
	look: Look;
}

/** A pane that is a list: networks, containers, the hops of a flow, probes. */
export const ListPane = memo(function ListPane({
	title,
	right = '',
	rightStyle,
	below = '',
	table,
	list,
	filter,
	empty,
	box,
	focused,
	look,
}: Props) {
	const height = Math.max(1, box.height - 3);
	const lines = table.rows.length > 0 ? listLines(table, list, box.width - 3, height, look) : emptyLines(empty, filter);
	return (
		<Frame
			title={title}
			right={span(right, rightStyle)}
			bottomLeft={filter === '' ? below : `/${filter}`}
			bottomRight={moreWords(table.rows.length, list, height)}
			lines={lines}
			width={box.width}
			height={box.height}
			focused={focused}
			look={look}
		/>
	);
});

function emptyLines(empty: string, filter: string): Line[] {
	return filter === ''
		? empty.split('\n').map(line => [span(` ${line}`)])
		: [[span(` No row matches /${filter}  (esc drops the filter)`, 'quiet')]];
}
