import stringWidth from 'string-width';
import {commandLine} from '../../probe/command.js';
import {toAscii} from '../../rows/ascii.js';
import {marks} from '../../rows/marks.js';
import {requestWord} from '../../rows/probes.js';
import {headerWords} from '../../rows/words/en.js';
import {graphemes} from '../../text/graphemes.js';
import {type Binding, bindings} from '../keys/bindings.js';
import {clock, probeTable} from '../state/probe-table.js';
import {runningProbe} from '../state/probes.js';
import {clientAwaited} from '../state/selected.js';
import type {State} from '../state/state.js';
import {fitLine, type Line, lineWidth, type Span, span} from './line.js';

/** The first line: host, engine, vantage; on the right what kind of session it is, or that something is being read. */
export function headerLine(session: State['session'], width: number): Line {
	const {snapshot, link} = session;
	const words = snapshot ? headerWords(snapshot) : link.kind === 'lost' ? 'no engine' : 'asking the engine…';
	const right = headerRight(session);
	const left: Line = [span(' dockhop', 'strong'), span(`  ${words}`)];
	return right.text === ''
		? left
		: [...fitLine(left, Math.max(0, width - lineWidth([right]) - 2), {ascii: false, color: true}), span(' '), right];
}

/** What `p` would send, before it is sent, and as much as there is room for of what it stands in for; empty where there is nothing to send. */
export function sendsWords({flow: {probe: plan}, session: {snapshot}}: State, room = Number.POSITIVE_INFINITY): string {
	if (!plan || !snapshot || 'whyNot' in plan) return '';
	const command = `p sends: ${commandLine(plan, snapshot)}`;
	const note = plan.standsInFor ? `  (${plan.standsInFor})` : '';
	const left = room - stringWidth(command);
	if (note.length <= left) return command + note;
	return left < leastNote ? command : `${command}${note.slice(0, left - 1)}…`;
}

/** On low screens the probes have one line: the one under way, else what p would send; once something was sent here, how that fared. */
export function probeLine(state: State): Line {
	const awaited = clientAwaited(state);
	if (awaited?.line === null) return [span(' waiting for whoever asks ', 'strong'), span('   esc cancels', 'quiet')];
	if (awaited) return [span(' on the client: ', 'strong'), span(awaited.line), span('   y copies it, esc cancels', 'quiet')];
	const run = runningProbe(state.probes) ?? state.probes.runs.at(-1);
	const sends = sendsWords(state);
	if (run?.outcome.kind === 'running')
		return [span(` ${run.from} → ${requestWord(run.plan)}  running, ${run.outcome.seconds} s   p cancels`)];
	if (!run || (run.shown !== state.flow.request && sends !== '')) return [span(sends === '' ? '' : ` ${sends}`)];
	const row = probeTable(state.probes.runs).rows.at(-1);
	const verdict = row?.verdict ?? null;
	const mark: Span = verdict === null ? span('') : span(` ${marks[verdict]}`, verdict === 'notReached' ? 'quiet' : verdict);
	return [mark, span(` ${(row?.cells ?? []).filter(Boolean).join('  ')}`), span(sends === '' ? '' : `   ${sends}`, 'quiet')];
}

/** The last line: what is being typed, or a note, or the keys (`ascii`: wider there, ⏎ is a word). */
export function footerLine(state: State, width: number, ascii: boolean): Line {
	const {mode, note} = state;
	if (mode.kind === 'text') return typingLine(mode);
	if (mode.kind === 'menu' || mode.kind === 'agree') return [span(' ↑↓ move  ⏎ 1-9 choose  esc back')];
	if (note !== null) return [span(` ${note}`, 'undetermined')];
	return keysLine(state, width, ascii);
}

function typingLine({purpose, field, error}: Extract<State['mode'], {kind: 'text'}>): Line {
	const letters = graphemes(field.value);
	const hint = purpose === 'goto' ? 'TARGET [from ORIGIN], e.g. web:80 from lan; tab completes' : '! inverts, ⏎ keeps, esc drops';
	return [
		span(purpose === 'goto' ? ' :' : ' /', 'strong'),
		span(letters.slice(0, field.caret).join('')),
		span(letters[field.caret] ?? ' ', 'caret'),
		span(letters.slice(field.caret + 1).join('')),
		error === null ? span(`   ${hint}`, 'quiet') : span(`   ${error}`, 'blocks'),
	];
}

/** The keys that can be pressed now, as many as fit; a place is kept for that of the help, which names the others. */
function keysLine(state: State, width: number, ascii: boolean): Line {
	const entries = bindings.filter(({short, whyNot}) => short && !whyNot?.(state));
	const before = entries.filter(({action}) => action !== 'help' && action !== 'quit');
	const last = entries.filter(({action}) => action === 'help' || action === 'quit');
	const keySpans = (key: string, words: string): Line => [span(' '), span(ascii ? toAscii(key) : key, 'strong'), span(` ${words} `)];
	const spansOf = ({keys, shown, short = ''}: Binding): Line => keySpans(glyph(keys[0], shown), short);
	const help = last.slice(0, 1).flatMap(spansOf);
	const first = fitting(before.map(spansOf), keySpans('↑↓', state.pane === 'flow' ? 'step' : 'move'), width - lineWidth(help));
	return fitting(last.map(spansOf), first, width);
}

/** The line with as many of the next keys as fit into `width` cells. */
function fitting(keys: readonly Line[], line: Line, width: number): Line {
	const [next, ...others] = keys;
	if (!next || lineWidth([...line, ...next]) > width) return line;
	return fitting(others, [...line, ...next], width);
}

function headerRight({kind, link, reading, snapshot}: State['session']): Span {
	if (link.kind === 'lost' && snapshot) return span(`engine lost at ${clock(link.since)}: as of ${clock(snapshot.takenAt)}`, 'blocks');
	if (kind !== 'live' && snapshot)
		return span(`${kind === 'demo' ? 'DEMO' : 'REPLAY'} of ${snapshot.takenAt.slice(0, 16).replace('T', ' ')}`, 'undetermined');
	return reading ? span('reading…', 'quiet') : span('');
}

function glyph(key: string | undefined, shown: string): string {
	return key === 'right' ? '←→' : shown;
}

/** Cells below which the beginning of a note says nothing. */
const leastNote = 24;
