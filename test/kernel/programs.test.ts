import {expect, test} from 'vitest';
import {readPrograms} from '../../source/kernel/index.js';

test('every program has a version, or a reason and what to install', async () => {
	for (const {name, version, why, tell} of await readPrograms()) {
		if (version === null)
			expect([why, tell], name).toEqual([expect.stringContaining('is not installed'), expect.stringMatching(/^apt install /)]);
		else expect(version, name).toMatch(/^v?\d+\.\d+\S*$/);
	}
});
