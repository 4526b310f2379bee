import {memo} from 'react';
import {LineText} from '../components/line-text.js';
import {fitLine, type Line, type Look} from '../lines/line.js';

/** One line across the screen: header, probe line, footer. */
export const Bar = memo(function Bar({line, width, look}: {line: Line; width: number; look: Look}) {
	return <LineText line={fitLine(line, width, look)} look={look} />;
});
