import {type EngineAddress, explainFailure, type NoAddress, whoAsks} from '../engine/index.js';
import {EngineError} from './session.js';

/** An engine that did not answer, with all that was looked at before it. */
export async function lostEngine(error: unknown, address: EngineAddress): Promise<EngineError> {
	if (error instanceof EngineError) return error;
	const {reason, advice, gap} = explainFailure(error, address, await whoAsks(address.transport));
	const tried = [...address.tried, {what: address.chosenBy, result: `${address.url}: ${reason}`}];
	return new EngineError(`no engine answers at ${address.url} (${address.chosenBy}): ${reason}`, tried, advice, gap);
}

/** No engine could be asked at all. */
export function noAddress({problem, advice, tried}: NoAddress): EngineError {
	return new EngineError(problem, tried, advice, {id: 'no-engine', why: problem, tell: advice[0] ?? ''});
}
