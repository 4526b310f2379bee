import type {FlowRequest, Needs, Snapshot} from '../model/index.js';
import type {Explanation, Usage} from '../path/explanation.js';
import type {Session} from './session.js';

export type Explain = (snapshot: Snapshot, request: FlowRequest) => Explanation | Usage;

/**
 * Explains a request and reads what the explanation lacks, until it lacks nothing more that can be read (at most 5 times). Gives the
 * snapshot that the explanation rests on. Rejects with EngineError where there is no snapshot.
 */
export async function follow(
	session: Session,
	request: FlowRequest,
	explain: Explain,
): Promise<{snapshot: Snapshot; explanation: Explanation | Usage}> {
	let snapshot = await session.ready();
	let explanation = explain(snapshot, request);
	const asked = new Set<string>();
	for (let round = 0; round < 5 && !('usage' in explanation); round++) {
		const {needs} = explanation;
		const key = JSON.stringify(needs);
		if (isNothing(needs) || asked.has(key)) break;
		asked.add(key);
		snapshot = await session.read(needs);
		explanation = explain(snapshot, request);
	}
	return {snapshot, explanation};
}

function isNothing({containers, names, hostSockets}: Needs): boolean {
	return containers.length === 0 && names.length === 0 && !hostSockets;
}
