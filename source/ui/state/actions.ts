import type {FlowRequest, ProbePlan} from '../../model/index.js';
import type {Explanation} from '../../path/explanation.js';
import type {SessionState} from '../../session/session.js';
import type {Pane, Size} from '../layout.js';
import type {Move} from './list.js';
import type {ClientAwaited, Mode, ProbeRun, TraceRun} from './state.js';
import type {TextEdit} from './text-field.js';

/** Everything that can change the state, by name. */
export type Action =
	| {type: 'resized'; size: Size}
	| {type: 'sessionChanged'; session: SessionState}
	| {type: 'paneChosen'; pane: Pane}
	| {type: 'narrowed'; network: string | null}
	| {type: 'moved'; move: Move}
	| {type: 'rowChosen'; pane: Pane; id: string}
	| {type: 'modeChanged'; mode: Mode}
	| {type: 'edited'; edit: TextEdit}
	| {type: 'textRefused'; error: string}
	| {type: 'filterSet'; value: string}
	| {type: 'asked'; request: FlowRequest}
	/** The request on the screen is explained anew, because something has changed. */
	| {type: 'askedAgain'}
	| {type: 'explained'; request: FlowRequest; explanation: Explanation}
	| {type: 'planned'; request: FlowRequest; probe: ProbePlan | {whyNot: string}}
	| {type: 'refused'; request: FlowRequest; usage: string}
	| {type: 'turned'}
	| {type: 'wayBack'}
	| {type: 'tabTurned'; by: 1 | -1}
	| {type: 'zoomed'; zoomed: boolean}
	| {type: 'probeStarted'; id: string; plan: ProbePlan; from: string; shown: FlowRequest | null; at: string}
	| {type: 'probeTicked'; id: string; seconds: number}
	| {type: 'probeEnded'; id: string; outcome: ProbeRun['outcome']}
	| {type: 'traceAgreed'}
	| {type: 'traceStarted'; run: TraceRun}
	| {type: 'traceArmed'; id: string; client: ClientAwaited}
	| {type: 'traceTicked'; id: string; seconds: number}
	| {type: 'traceEnded'; run: TraceRun}
	/** The request has come so far along the table; null: to its end. */
	| {type: 'traceTravelled'; id: string; hops: number | null}
	/** Back to the explanation. */
	| {type: 'traceLeft'}
	| {type: 'choiceMoved'; index: number}
	| {type: 'noted'; note: string | null};
