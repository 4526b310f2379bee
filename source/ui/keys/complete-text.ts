import type {Snapshot} from '../../model/index.js';
import {engineOf} from '../../rows/inventory.js';
import {beginningWith, type Candidate, originCandidates, targetCandidates} from '../../rows/offers.js';
import {graphemes} from '../../text/graphemes.js';
import type {TextField} from '../state/text-field.js';
import type {Intent} from './intent.js';

/**
 * What tab does in `TARGET [from ORIGIN]`: the word before the caret grows as far as only one thing can be meant; where it cannot grow,
 * what may stand there is told.
 */
export function completion({value, caret}: TextField, snapshot: Snapshot | null): Intent {
	if (!snapshot || caret < graphemes(value).length) return [];
	const words = value.trimStart().split(/\s+/);
	const word = words.at(-1) ?? '';
	const found = beginningWith(candidatesAt(words, snapshot), word);
	const common = commonStart(found.map(one => one.word));
	const end = found.length === 1 && words.length < 3 ? ' ' : '';
	const rest = `${common.slice(word.length)}${end}`;
	if (rest !== '') return [{type: 'edited', edit: {insert: rest}}];
	if (found.length === 1) return [];
	return [{type: 'textRefused', error: found.length === 0 ? 'nothing begins like that' : found.map(one => one.word).join('  ')}];
}

function candidatesAt(words: readonly string[], snapshot: Snapshot): Candidate[] {
	const {containers} = engineOf(snapshot);
	const word = words.at(-1) ?? '';
	if (words.length === 1) return targetCandidates(containers, word);
	if (words.length === 2) return [{word: 'from', about: ''}];
	return words.length === 3 && words[1] === 'from' ? originCandidates(containers, ['lan']) : [];
}

function commonStart(words: readonly string[]): string {
	const [first = '', ...others] = words;
	let length = first.length;
	for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
	return first.slice(0, length);
}
