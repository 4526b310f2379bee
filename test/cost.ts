import {availableParallelism, loadavg} from 'node:os';
import {relative} from 'node:path';
import type {Reporter, TestModule} from 'vitest/node';

/** Says what a run of the tests cost: its time on the clock and its slowest files. Stands in front of the runner's own summary. */
export default class Cost implements Reporter {
	#began = 0;

	onTestRunStart(): void {
		this.#began = performance.now();
	}

	onTestRunEnd(modules: readonly TestModule[]): void {
		const files = modules.map(module => ({module, ms: timeOf(module)})).toSorted((a, b) => b.ms - a.ms);
		if (files.length < 2) return;
		const projects = [...new Set(modules.map(({project}) => project.name))].join(' and ');
		const [load = 0] = loadavg();
		const machine = `${availableParallelism()} processors, load ${load.toFixed(1)}`;
		console.log(`\n Cost of ${projects}: ${seconds(performance.now() - this.#began)} for ${files.length} files (${machine})`);
		for (const {module, ms} of files.slice(0, most)) console.log(` ${seconds(ms)}  ${relative(process.cwd(), module.moduleId)}`);
	}
}

/** Milliseconds on the clock: to load it, its hooks and its tests. */
function timeOf(module: TestModule): number {
	const {collectDuration, setupDuration, duration} = module.diagnostic();
	return collectDuration + setupDuration + duration;
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1).padStart(7)} s`;
}

const most = 10;
