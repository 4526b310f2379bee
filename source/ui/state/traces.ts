import type {FlowRequest} from '../../model/index.js';
import type {Action} from './actions.js';
import type {TraceRun, TracesState} from './state.js';

/** The traces of this session: whether they are agreed to, and those that ended. */
export function reduceTraces(traces: TracesState, action: Action): TracesState {
	switch (action.type) {
		case 'traceAgreed':
			return {...traces, agreed: true};
		case 'traceEnded':
			return action.run.outcome.kind === 'done' ? {...traces, done: [...traces.done.slice(1 - kept), action.run]} : traces;
		default:
			return traces;
	}
}

/** The trace of the request on the screen. What comes of one that is no longer shown changes nothing. */
export function reduceTraced(run: TraceRun | null, action: Action): TraceRun | null {
	switch (action.type) {
		case 'traceStarted':
			return action.run;
		case 'traceLeft':
			return null;
		case 'traceEnded':
			return run?.id === action.run.id ? action.run : run;
		case 'traceArmed':
			return changed(run, action.id, outcome => (outcome.kind === 'running' ? {...outcome, client: action.client} : outcome));
		case 'traceTicked':
			return changed(run, action.id, outcome => (outcome.kind === 'running' ? {...outcome, seconds: action.seconds} : outcome));
		case 'traceTravelled':
			return changed(run, action.id, outcome => (outcome.kind === 'done' ? {...outcome, travelled: action.hops} : outcome));
		default:
			return run;
	}
}

/** The trace of the same request that ended last. */
export function traceBefore({done}: TracesState, request: FlowRequest): TraceRun | undefined {
	const key = JSON.stringify(request);
	return done.findLast(run => JSON.stringify(run.request) === key);
}

function changed(run: TraceRun | null, id: string, outcome: (of: TraceRun['outcome']) => TraceRun['outcome']): TraceRun | null {
	return run?.id === id ? {...run, outcome: outcome(run.outcome)} : run;
}

/** Older ones are forgotten. */
const kept = 50;
