import {afterAll, beforeAll, beforeEach} from 'vitest';
import {type Lab, type LabOptions, startLab} from './lab.ts';

/**
 * Gives the tests of a describe block a lab, filled by `fill`; call the result inside a test to have it. Where a test fails, everything that
 * was run for it in the lab is printed.
 */
export function useLab(options: LabOptions, fill: (lab: Lab) => Promise<void> = async () => {}): () => Lab {
	let lab: Lab | undefined;
	beforeAll(async () => {
		lab = await startLab(options);
		await fill(lab);
	});
	beforeEach(({onTestFailed}) => {
		const from = lab?.journal.entries.length;
		onTestFailed(() => console.error(lab?.journal.entries.slice(from).join('\n')));
	});
	afterAll(() => lab?.stop());
	return () => {
		if (lab === undefined) throw new Error('the lab is there only while a test runs');
		return lab;
	};
}
