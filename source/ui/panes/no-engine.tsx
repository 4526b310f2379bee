import {Box} from 'ink';
import type {SessionState} from '../../session/session.js';
import {Frame} from '../components/frame.js';
import type {Look} from '../lines/line.js';
import {noEngineLines} from '../lines/no-engine-lines.js';
import {Choices} from './menu.js';

export type NoEngineChoice = 'retry' | 'demo' | 'quit';

interface Props {
	link: Extract<SessionState['link'], {kind: 'lost'}>;
	canDemo: boolean;
	width: number;
	height: number;
	look: Look;
	/** False while something else has the keys. */
	onSelect(choice: NoEngineChoice): void;
}

/** No engine answers: what was tried, what helps, and what can be done now. */
export function NoEngine({link, canDemo, width, height, look, onSelect}: Props) {
	const items = [
		{key: 'retry', label: 'Try again (r)', value: 'retry' as const},
		...(canDemo ? [{key: 'demo', label: 'Look at the demo recording', value: 'demo' as const}] : []),
		{key: 'quit', label: 'Quit (q)', value: 'quit' as const},
	];
	const room = height - 2 - items.length;
	const lines = noEngineLines(link, width - 4).slice(0, room);
	return (
		<Box flexDirection="column" width={width} height={height}>
			<Frame
				title="No Docker Engine answers"
				lines={lines.map(line => [{text: ' '}, ...line])}
				width={width}
				height={height}
				focused
				look={look}
			/>
			<Box position="absolute" marginLeft={1} marginTop={1 + lines.length}>
				<Choices items={items} width={Math.min(30, width - 6)} limit={items.length} look={look} onSelect={onSelect} />
			</Box>
		</Box>
	);
}
