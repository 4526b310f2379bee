/** What random rules are put together from, beside the usual. */
export interface Words {
	matches: readonly string[];
	verdicts: readonly string[];
}

export const noWords: Words = {matches: [], verdicts: []};
