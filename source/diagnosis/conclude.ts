import type {FlowRequest, Path, Snapshot} from '../model/index.js';
import {explain} from '../path/explain.js';
import type {Explanation, Usage} from '../path/explanation.js';
import {diagnose} from './diagnose.js';

/** Explains one request, as `explain` does, with the findings on its path and on each alternative. */
export function conclude(snapshot: Snapshot, request: FlowRequest, timeoutSeconds?: number): Explanation | Usage {
	const explanation = explain(snapshot, request, timeoutSeconds);
	if ('usage' in explanation) return explanation;
	const {path} = explanation;
	return {...explanation, path: {...withFindings(snapshot, path), alternatives: path.alternatives.map(one => withFindings(snapshot, one))}};
}

function withFindings(snapshot: Snapshot, path: Path): Path {
	return {...path, findings: diagnose(snapshot, path)};
}
