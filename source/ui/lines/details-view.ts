import type {Path, Snapshot} from '../../model/index.js';
import {containerDetails, networkDetails} from '../../rows/details.js';
import {hopDetails} from '../../rows/hop-details.js';
import {engineOf} from '../../rows/inventory.js';
import {probeLines, probeVerdict, requestWord} from '../../rows/probes.js';
import type {TraceFacts} from '../../rows/trace.js';
import {memo} from '../state/memo.js';
import {allNetworks} from '../state/selected.js';
import {type ProbeRun, type TraceRun, tabs, traceTab} from '../state/state.js';
import {boxLines, hopLines} from './detail-lines.js';
import {type Line, type Span, span} from './line.js';
import {traceLines} from './trace-view.js';
import {wrapWords} from './wrap.js';

/** What a details box shows. */
export interface DetailsView {
	title: string;
	right: Span;
	/** "Hop · [Evidence 3] · Rules 7" in the lower border; empty where there are none. */
	tabs: string;
	lines: Line[];
}

/** What the details of a hop are made of. */
interface HopShown {
	path: Path | null;
	index: number;
	tab: number;
	/** Drawn large: nothing is cut to one line. */
	large: boolean;
	trace: TraceRun | null;
	/** Of the way that is shown. */
	facts: TraceFacts | null;
}

/** About the hop under the cursor. */
export function hopView({path, index, tab, large, trace, facts}: HopShown, width: number): DetailsView {
	return hopViewOf(path, index, tab, width, large, trace, facts);
}

const hopViewOf = memo(
	(
		path: Path | null,
		index: number,
		tab: number,
		width: number,
		large: boolean,
		trace: TraceRun | null,
		facts: TraceFacts | null,
	): DetailsView => {
		const details = path && hopDetails(path, index);
		if (!details) return {title: 'Hop', right: span(''), tabs: '', lines: []};
		const counts = ['', ` ${details.evidence.length}`, ` ${details.rules.length}`, ''];
		return {
			title: details.title,
			right: span(details.certainty ?? '', details.certainty === 'missing' ? 'undetermined' : undefined),
			tabs: `[ ] ${tabs.map((name, at) => (at === tab ? `<${name}${counts[at]}>` : `${name}${counts[at]}`)).join(' · ')}`,
			lines: tab === traceTab ? traceLines(trace, facts, index, width - 4) : hopLines(details, tab, width - 4, large),
		};
	},
);

/** About the container or network under the cursor of the lists. */
export const boxView = memo((snapshot: Snapshot | null, kind: 'network' | 'container', id: string | null, width: number): DetailsView => {
	if (!snapshot?.engine.read || id === null)
		return {title: kind === 'network' ? 'Network' : 'Container', right: span(''), tabs: '', lines: []};
	if (id === allNetworks) return allView(snapshot, width);
	const details = kind === 'network' ? networkDetails(snapshot, id) : containerDetails(snapshot, id);
	if (!details) return {title: '', right: span(''), tabs: '', lines: []};
	return {title: details.title, right: span(details.note), tabs: '', lines: boxLines(details, width - 4)};
});

/** About a probe: what was sent, what was seen. */
export const probeView = memo((run: ProbeRun | undefined, width: number): DetailsView => {
	if (!run) return {title: 'Probe', right: span(''), tabs: '', lines: []};
	const {outcome, plan, from} = run;
	const title = `Probe  ${from} → ${requestWord(plan)}`;
	const lines = outcome.kind === 'done' ? probeLines(outcome.result, plan) : outcome.kind === 'failed' ? [outcome.why] : [];
	const verdict = outcome.kind === 'done' ? probeVerdict(outcome.result) : undefined;
	return {
		title,
		right: span(outcome.kind === 'done' ? '' : outcome.kind, verdict === 'notReached' ? undefined : verdict),
		tabs: '',
		lines: lines.flatMap(line => wrapWords(line, width - 4)).map(line => [span(line)]),
	};
});

function allView(snapshot: Snapshot, width: number): DetailsView {
	const {networks, containers} = engineOf(snapshot);
	const running = containers.filter(({state}) => state === 'running').length;
	const words = `${networks.length} networks, ${containers.length} containers, ${running} of them running.`;
	const more = 'A network narrows the containers; a container opens the flow of a request to it.';
	return {
		title: 'all networks',
		right: span(''),
		tabs: '',
		lines: [...wrapWords(words, width - 4), '', ...wrapWords(more, width - 4)].map(line => [span(line)]),
	};
}
