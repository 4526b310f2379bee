import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {svgOf} from '../../scripts/screenshot.ts';
import {engines} from '../lab/engines.ts';
import {useLab} from '../lab/use-lab.ts';
import type {Program} from '../terminal/program.ts';
import {sceneTour} from '../tour/scene.ts';
import {keysOf, mostKeys, tasks} from '../tour/tasks.ts';
import {explorerOn} from './lab-explorer.ts';

/** Where the pictures of docs/tour.md are written: npm run tour. */
const pictures = process.env.DOCKHOP_TOUR;
let shown: Program | undefined;
afterEach(() => shown?.stop());

describe.each(engines)('the tour on engine %s: what a new user asks', engine => {
	const lab = useLab({engine}, sceneTour);

	it.each(tasks)('$question', async task => {
		expect(keysOf(task).length).toBeLessThanOrEqual(mostKeys);
		shown = await explorerOn(lab());
		for (const {keys, sees} of task.steps) {
			shown.press(...keys);
			for (const what of sees) await shown.waitFor(what);
		}
		await shown.waitFor(/^(?![\s\S]*reading…)/);
		await shown.settled();
		if (!pictures) return;
		await mkdir(pictures, {recursive: true});
		await writeFile(join(pictures, `${task.name}.svg`), svgOf(shown.terminal));
	});
});
