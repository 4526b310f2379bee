import {memo} from 'react';
import {Frame} from '../components/frame.js';
import type {Box} from '../layout.js';
import type {DetailsView} from '../lines/details-view.js';
import type {Look} from '../lines/line.js';

interface Props {
	view: DetailsView;
	/** First line that is drawn. */
	top: number;
	box: Box;
	focused: boolean;
	look: Look;
	/** Key that shows all of it, where one does. */
	opensWith?: string;
}

/** The box that explains what is selected: a network or container under the lists, a hop or probe under the flow. */
export const DetailsPane = memo(function DetailsPane({view, top, box, focused, look, opensWith}: Props) {
	const height = box.height - 2;
	const below = view.lines.length - top - height;
	return (
		<Frame
			title={view.title}
			right={view.right}
			bottomLeft={view.tabs}
			bottomRight={
				below > 0 ? `${below} more ${below === 1 ? 'line' : 'lines'}${opensWith && !focused ? `, ${opensWith} shows them` : ''}` : ''
			}
			lines={view.lines.slice(top, top + height)}
			width={box.width}
			height={box.height}
			focused={focused}
			look={look}
			open
		/>
	);
});
