import type {Action} from './actions.js';
import type {ProbeRun, ProbesState} from './state.js';

/** The probes that were sent, the oldest first. A new one is selected. */
export function reduceProbes(probes: ProbesState, action: Action): ProbesState {
	switch (action.type) {
		case 'probeStarted': {
			const {id, plan, from, shown, at} = action;
			const run: ProbeRun = {id, plan, from, traced: false, shown, startedAt: at, outcome: {kind: 'running', seconds: 0}};
			return withRun(probes, run);
		}
		case 'traceEnded': {
			const {outcome} = action.run;
			return outcome.kind === 'done' && outcome.sent ? withRun(probes, outcome.sent) : probes;
		}
		case 'probeTicked':
			return changed(probes, action.id, run => (run.outcome.kind === 'running' ? {kind: 'running', seconds: action.seconds} : run.outcome));
		case 'probeEnded':
			return changed(probes, action.id, () => action.outcome);
		default:
			return probes;
	}
}

function withRun({runs: before, list}: ProbesState, run: ProbeRun): ProbesState {
	const runs = [...before.slice(1 - kept), run];
	return {runs, list: {...list, selected: run.id, index: runs.length - 1}};
}

/** The probe that is under way; at most one is. */
export function runningProbe({runs}: ProbesState): ProbeRun | undefined {
	return runs.find(run => run.outcome.kind === 'running');
}

function changed(probes: ProbesState, id: string, outcome: (run: ProbeRun) => ProbeRun['outcome']): ProbesState {
	return {...probes, runs: probes.runs.map(run => (run.id === id ? {...run, outcome: outcome(run)} : run))};
}

/** Older ones are forgotten. */
const kept = 200;
