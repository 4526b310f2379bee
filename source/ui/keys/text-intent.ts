import type {FlowRequest, Snapshot} from '../../model/index.js';
import {parseOrigin} from '../../path/origin.js';
import {parseTarget} from '../../path/target.js';
import {clean} from '../../text/clean.js';
import type {Mode} from '../state/state.js';
import type {TextEdit} from '../state/text-field.js';
import {completion} from './complete-text.js';
import {asking, type Intent} from './intent.js';
import {isCharacter} from './press.js';

type TextMode = Extract<Mode, {kind: 'text'}>;

/** What a key means while a line is typed. */
export function textIntent(mode: TextMode, key: string, family: FlowRequest['family'], snapshot: Snapshot | null): Intent {
	const edit = edits[key];
	if (edit) return [{type: 'edited', edit}];
	if (key === 'enter') return mode.purpose === 'filter' ? [closed] : submitted(mode.field.value, family);
	if (key === 'tab' && mode.purpose === 'goto') return completion(mode.field, snapshot);
	if (key === 'escape') return mode.purpose === 'filter' ? [closed, {type: 'filterSet', value: mode.before}] : [closed];
	return isCharacter(key) ? [{type: 'edited', edit: {insert: key}}] : [];
}

/** Pasted text goes into the line, without control characters. */
export function pasteIntent(text: string): Intent {
	return [{type: 'edited', edit: {insert: clean(text.trim())}}];
}

/** `TARGET [from ORIGIN]`, the words of the command line. */
function submitted(text: string, family: FlowRequest['family']): Intent {
	const [targetText = '', originText = 'host', ...more] = text.trim().split(/\s+from\s+/);
	if (targetText === '') return [closed];
	if (more.length > 0 || /\s/.test(targetText)) return [{type: 'textRefused', error: 'write TARGET or TARGET from ORIGIN'}];
	const target = parseTarget(targetText);
	if ('usage' in target) return [{type: 'textRefused', error: target.usage}];
	const origin = parseOrigin(originText);
	if ('usage' in origin) return [{type: 'textRefused', error: origin.usage}];
	return asking({target, origin, family});
}

const closed = {type: 'modeChanged', mode: {kind: 'pane'}} as const;
const edits: Record<string, TextEdit> = {
	backspace: 'backspace',
	delete: 'delete',
	left: 'left',
	right: 'right',
	home: 'start',
	end: 'end',
	'ctrl-a': 'start',
	'ctrl-e': 'end',
	'ctrl-u': 'clear',
};
