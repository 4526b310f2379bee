import {Box} from 'ink';
import {engineOf} from '../../rows/inventory.js';
import {emptyWords} from '../../rows/words/en.js';
import type {Pane} from '../layout.js';
import {sendsWords} from '../lines/bars.js';
import {boxOf, detailsOf} from '../lines/details-of.js';
import {flowHead} from '../lines/flow-head.js';
import type {Look} from '../lines/line.js';
import type {State} from '../state/state.js';
import {containersTable, flowTable, layout, networksTable, probesTable} from '../state/view.js';
import {DetailsPane} from './details-pane.js';
import {ListPane} from './list-pane.js';

/** The panes that this size of the screen has room for, lists on the left, what follows from them on the right. */
export function Panes({state, look}: {state: State; look: Look}) {
	const {boxes} = layout(state);
	const {networks, containers, box, flow, details, probes} = boxes;
	return (
		<>
			{(networks || containers || box) && (
				<Box flexDirection="column" flexShrink={0}>
					{networks && <Networks state={state} look={look} box={networks} />}
					{containers && <Containers state={state} look={look} box={containers} />}
					{box && <DetailsPane view={boxOf(state, box.width)} top={0} box={box} focused={false} look={look} />}
				</Box>
			)}
			{(flow || details || probes) && (
				<Box flexDirection="column" flexShrink={0}>
					{flow && <Flow state={state} look={look} box={flow} />}
					{details && (
						<DetailsPane
							view={detailsOf(state, details.width)}
							top={state.details.top}
							box={details}
							focused={state.details.zoomed}
							opensWith={hasKeys(state, 'flow') || hasKeys(state, 'probes') ? '⏎' : undefined}
							look={look}
						/>
					)}
					{probes && <Probes state={state} look={look} box={probes} />}
				</Box>
			)}
		</>
	);
}

interface PaneProps {
	state: State;
	look: Look;
	box: {width: number; height: number};
}

function Networks({state, look, box}: PaneProps) {
	const {networks, filters} = state;
	const table = networksTable(state);
	return (
		<ListPane
			title="1 Networks"
			right={String(Math.max(0, countOf(state, 'networks')))}
			table={table}
			list={networks}
			filter={filters.networks}
			empty={waitingWords(state) ?? emptyWords.networks}
			box={box}
			focused={hasKeys(state, 'networks')}
			look={look}
		/>
	);
}

function Containers({state, look, box}: PaneProps) {
	const {containers, filters, session} = state;
	const table = containersTable(state);
	const network = session.snapshot && engineOf(session.snapshot).networks.find(({id}) => id === state.narrowed);
	const all = countOf(state, 'containers');
	return (
		<ListPane
			title={`2 Containers${network ? ` on ${network.name}` : ''}`}
			right={table.rows.length === all ? String(all) : `${table.rows.length} of ${all}`}
			table={table}
			list={containers}
			filter={filters.containers}
			empty={waitingWords(state) ?? (network && all > 0 ? emptyWords.containersOn(network) : noContainers(session.canDemo))}
			box={box}
			focused={hasKeys(state, 'containers')}
			look={look}
		/>
	);
}

function Flow({state, look, box}: PaneProps) {
	const {flow, filters} = state;
	const {title, right, rightStyle, below} = flowHead(flow);
	return (
		<ListPane
			title={title}
			right={right}
			rightStyle={rightStyle}
			below={below}
			table={flowTable(state)}
			list={flow.list}
			filter={filters.flow}
			empty={flowWords(state)}
			box={box}
			focused={hasKeys(state, 'flow') && !state.details.zoomed}
			look={look}
		/>
	);
}

function Probes({state, look, box}: PaneProps) {
	const {probes, filters} = state;
	return (
		<ListPane
			title={['4 Probes', sendsWords(state, box.width - besides)].filter(Boolean).join('  ')}
			right={probes.runs.length > 0 ? String(probes.runs.length) : ''}
			table={probesTable(state)}
			list={probes.list}
			filter={filters.probes}
			empty={state.session.whyNoProbe ?? 'No request was sent yet: p sends the one that is shown.'}
			box={box}
			focused={hasKeys(state, 'probes') && !state.details.zoomed}
			look={look}
		/>
	);
}

function hasKeys({pane}: State, which: Pane): boolean {
	return pane === which;
}

function countOf({session: {snapshot}}: State, kind: 'networks' | 'containers'): number {
	return snapshot ? engineOf(snapshot)[kind].length : 0;
}

function waitingWords({session: {snapshot}}: State): string | null {
	if (!snapshot) return 'asking the engine…';
	return snapshot.engine.read ? null : snapshot.engine.gap.why;
}

function noContainers(canDemo: boolean): string {
	return canDemo ? `${emptyWords.containers}\n\n⏎ look at the demo recording` : emptyWords.containers;
}

function flowWords({flow}: State): string {
	if (flow.usage !== null) return flow.usage;
	if (flow.asking) return 'reading what lies on the way…';
	return 'Open a container with ⏎ to see the way of a request to it,\nor type  :  and a target:  web:80 from lan';
}

/** Cells that the pane's name, the count and the border need. */
const besides = 24;
