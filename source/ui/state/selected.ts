import type {Container, Hop, Path, Snapshot} from '../../model/index.js';
import {engineOf} from '../../rows/inventory.js';
import {memo} from './memo.js';
import {runningProbe} from './probes.js';
import type {ClientAwaited, FlowState, ProbeRun, State, TraceRun} from './state.js';

/** Id of the row of the networks pane that stands for all networks. */
export const allNetworks = 'all';

/** The container under the cursor of the containers pane. */
export function selectedContainer({session: {snapshot}, containers}: State): Container | undefined {
	return snapshot ? containerById(snapshot, containers.selected) : undefined;
}

export function containerById(snapshot: Snapshot, id: string | null): Container | undefined {
	return engineOf(snapshot).containers.find(container => container.id === id);
}

/** The path on the screen: the request's, or the answer's way back. */
export function shownPath({explanation, reply, trace}: FlowState): Path | null {
	const path = trace?.outcome.kind === 'done' ? trace.outcome.proof.path : explanation?.path;
	if (!path) return null;
	return reply ? wayBack(path) : path;
}

/** The trace whose facts stand in the flow pane, running or done. */
export function shownTrace({trace}: FlowState): TraceRun | null {
	return trace?.outcome.kind === 'failed' ? null : trace;
}

/** The client elsewhere whose request is waited for. */
export function clientAwaited({flow: {trace}}: State): ClientAwaited | null {
	return trace?.outcome.kind === 'running' ? trace.outcome.client : null;
}

export function isTracing({flow: {trace}}: State): boolean {
	return trace?.outcome.kind === 'running';
}

/** Index into the shown path's hops. */
export function selectedHopIndex({flow}: State): number {
	return flow.list.selected === null ? 0 : Number(flow.list.selected);
}

export function selectedHop(state: State): Hop | undefined {
	return shownPath(state.flow)?.hops[selectedHopIndex(state)];
}

export function selectedProbe({probes}: State): ProbeRun | undefined {
	return probes.runs.find(run => run.id === probes.list.selected);
}

export function isRunning({probes}: State): boolean {
	return runningProbe(probes) !== undefined;
}

const wayBack = memo((path: Path): Path => {
	const {reply, lost, from, to, blockedAt} = path;
	if (!reply) return path;
	// Findings name hops of the request: on the answer's table only what stops the answer has its place.
	const findings = path.findings.map(one => ({...one, hop: lost === 'answer' && one.hop === blockedAt ? reply.blockedAt : null}));
	return {...path, ...reply, from: to, to: {...to, ...from}, findings, reply: null};
});
