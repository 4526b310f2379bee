import {render} from 'ink-testing-library';
import {describe, expect, it} from 'vitest';
import {Frame} from '../../../source/ui/components/frame.js';
import {span} from '../../../source/ui/lines/line.js';

const look = {ascii: false, color: false};
const box = {title: '1 Networks', lines: [[span('bridge')], [span('a name that is longer than the box')]], width: 24, height: 5, look};

/** What a person sees of a box, line by line. */
function seen(element: React.JSX.Element): string[] {
	const {lastFrame, unmount} = render(element);
	const lines = (lastFrame() ?? '').split('\n');
	unmount();
	return lines;
}

describe('a box', () => {
	it('holds its lines in its frame, cut at the end, and says what is right of the title', () => {
		expect(seen(<Frame {...box} focused={false} right={span('4')} />)).toEqual([
			'┌─ 1 Networks ───── 4 ─┐',
			'│bridge                │',
			'│a name that is longer…│',
			'│                      │',
			'└──────────────────────┘',
		]);
	});

	it('is drawn heavy where it has the keys', () => {
		expect(seen(<Frame {...box} focused />)[0]).toBe('┏━ 1 Networks ━━━━━━━━━┓');
	});

	it('needs no other characters than ASCII', () => {
		const lines = seen(<Frame {...box} focused={false} look={{...look, ascii: true}} />).join('');
		expect(lines).toMatch(/^[ -~]+$/);
		expect(lines).toContain('a name that');
	});
});
