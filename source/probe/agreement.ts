import type {ProbePlan} from '../model/index.js';

/** What was seen beside what was explained. null where either is unknown, or where another request stood in for the one explained. */
export function agreementOf(plan: Pick<ProbePlan, 'explained' | 'standsInFor'>, reached: boolean | null): boolean | null {
	if (plan.standsInFor !== null || reached === null) return null;
	if (plan.explained === 'delivered') return reached;
	if (plan.explained === 'blocked') return !reached;
	// Forwarded: an answer proves it, but whoever is outside need not answer.
	return plan.explained === 'forwarded' && reached ? true : null;
}
