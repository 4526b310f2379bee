import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Snapshot} from '../../source/model/index.js';
import {explain} from '../../source/path/explain.js';
import {parseOrigin} from '../../source/path/origin.js';
import {parseTarget} from '../../source/path/target.js';

/** A recording of a real engine, a request, and the path that it has to give. A new case is a new file in scenarios/. */
interface Scenario {
	recording: string;
	target: string;
	from: string;
	verdict: string;
	lost?: string | null;
	/** In order, all of them; each names the fields that this case is about. */
	hops: Record<string, unknown>[];
	seenAs?: string;
}

const folder = join(import.meta.dirname, 'scenarios');

describe.each(readdirSync(folder))('%s', file => {
	const scenario: Scenario = JSON.parse(readFileSync(join(folder, file), 'utf8'));
	it(`${scenario.from} → ${scenario.target} is ${scenario.verdict}`, () => {
		const snapshot: Snapshot = JSON.parse(readFileSync(join(import.meta.dirname, '../recordings', scenario.recording), 'utf8'));
		const [target, origin] = [parseTarget(scenario.target), parseOrigin(scenario.from)];
		if ('usage' in target || 'usage' in origin) throw new Error(`${file} cannot be asked`);
		const explanation = explain(snapshot, {target, origin, family: null});
		if ('usage' in explanation) throw new Error(explanation.usage);
		const {path} = explanation;
		// Number and order first: a hop missing at the end must not pass unseen.
		expect(path.hops.map(hop => hop.kind)).toEqual(scenario.hops.map(hop => hop.kind));
		scenario.hops.forEach((hop, index) => {
			expect(path.hops[index], `hop ${index + 1}`).toMatchObject(hop);
		});
		expect(path.verdict).toBe(scenario.verdict);
		expect(path.lost).toBe(scenario.lost ?? null);
		if (scenario.seenAs) expect(path.seenAs?.src).toBe(scenario.seenAs);
	});
});
