import {render} from 'ink-testing-library';
import {expect, it} from 'vitest';
import {Choices} from '../../../source/ui/panes/menu.js';

const look = {ascii: false, color: false};
const labels = ['host → 127.0.0.1:8080', 'lan → 10.99.0.1:8080', 'app → www:80'];

it('a menu marks the one under the cursor, and moves its window with it', () => {
	const {lastFrame, rerender, unmount} = render(<Choices labels={labels} index={0} width={22} limit={2} look={look} />);
	expect(
		lastFrame()
			?.split('\n')
			.map(line => line.trimEnd()),
	).toEqual([' ▸ host → 127.0.0.1:8080', '   lan → 10.99.0.1:8080']);
	rerender(<Choices labels={labels} index={2} width={22} limit={2} look={look} />);
	expect(lastFrame()).toContain(' ▸ app → www:80');
	expect(lastFrame()).not.toContain('127.0.0.1');
	unmount();
});
