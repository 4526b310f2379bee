import {Text} from 'ink';
import type {Line, Look} from '../lines/line.js';
import {drawn} from '../theme.js';

/** One line of the screen. */
export function LineText({line, look}: {line: Line; look: Look}) {
	return (
		<Text wrap="truncate">
			{line.map(({text, style}, index) =>
				style ? (
					// biome-ignore lint/suspicious/noArrayIndexKey: spans of a line have no identity but their place.
					<Text key={index} {...drawn(style, look)}>
						{text}
					</Text>
				) : (
					text
				),
			)}
		</Text>
	);
}
