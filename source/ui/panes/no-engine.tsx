import {Box} from 'ink';
import type {SessionState} from '../../session/session.js';
import {Frame} from '../components/frame.js';
import type {Look} from '../lines/line.js';
import {noEngineLines} from '../lines/no-engine-lines.js';
import {Choices} from './menu.js';

interface Props {
	link: Extract<SessionState['link'], {kind: 'lost'}>;
	choices: readonly string[];
	index: number;
	width: number;
	height: number;
	look: Look;
}

/** No engine answers: what was tried, what helps, and what can be done now. */
export function NoEngine({link, choices, index, width, height, look}: Props) {
	const room = height - 2 - choices.length;
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
				<Choices labels={choices} index={index} width={Math.min(30, width - 6)} limit={choices.length} look={look} />
			</Box>
		</Box>
	);
}
