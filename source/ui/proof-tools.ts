import type {TraceWorld} from './tracer.js';

/** What explains, plans and proves a trace: loaded when it is asked for, so that the first screen does without. */
export const loadProof: TraceWorld['proof'] = async () => {
	const [{conclude}, {tracePlan}, {prove}, {compare}] = await Promise.all([
		import('../diagnosis/conclude.js'),
		import('../proof/trace-plan.js'),
		import('../proof/prove.js'),
		import('../proof/compare.js'),
	]);
	return {explain: conclude, tracePlan, prove, compare};
};
