import type {TraceWorld} from './tracer.js';

/** What explains, plans and proves a trace: loaded when it is asked for, so that the first screen does without. */
export const loadProof: TraceWorld['proof'] = async () => {
	const [{conclude}, {tracePlan}, {anyPlan}, {anyone}, {prove}, {compare}] = await Promise.all([
		import('../diagnosis/conclude.js'),
		import('../proof/trace-plan.js'),
		import('../proof/any-plan.js'),
		import('../proof/anyone.js'),
		import('../proof/prove.js'),
		import('../proof/compare.js'),
	]);
	return {explain: conclude, tracePlan, anyPlan, anyone, prove, compare};
};
