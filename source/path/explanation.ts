import type {Needs, Path, ProbePlan} from '../model/index.js';

/** A path explained, what a probe of it would launch, and what would have to be read to know more. */
export interface Explanation {
	path: Path;
	probe: ProbePlan | {whyNot: string};
	needs: Needs;
}

/** A request that cannot be asked as it was written (unknown container, no port): exit code 2. */
export interface Usage {
	usage: string;
}
