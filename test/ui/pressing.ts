import {readFileSync} from 'node:fs';
import type {Snapshot} from '../../source/model/index.js';
import type {Effect} from '../../source/ui/keys/intent.js';
import {keyIntent} from '../../source/ui/keys/key-intent.js';
import {isEffect} from '../../source/ui/perform.js';
import {reduce} from '../../source/ui/state/reduce.js';
import {initialState, type State} from '../../source/ui/state/state.js';

/** A recording of a real engine 28.5 with seven containers: www, web, app, hosty, lonely, tiny, other. */
export const six: Snapshot = JSON.parse(readFileSync(new URL('../recordings/six-28.json', import.meta.url), 'utf8'));

/** The explorer on that recording, as a live session would show it. */
export function explorerOn(snapshot: Snapshot | null = six, size = {columns: 120, rows: 40}): State {
	const session = {snapshot, link: {kind: 'connected'} as const, reading: false};
	const state = initialState({kind: 'live', whyNoProbe: null, canDemo: true, ...session}, size);
	return reduce(state, {type: 'sessionChanged', session});
}

/** The state after some keys, and the effects that they had. */
export function press(state: State, ...keys: string[]): {state: State; effects: Effect[]} {
	const effects: Effect[] = [];
	const after = keys.reduce((before, key) => {
		let now = before;
		for (const part of keyIntent(before, key)) {
			if (isEffect(part)) effects.push(part);
			else now = reduce(now, part);
		}
		return now;
	}, state);
	return {state: after, effects};
}

/** Puts the cursor of the containers on this one. */
export function onContainer(state: State, name: string): State {
	const found = six.engine.read ? six.engine.value.containers.find(container => container.name === name) : undefined;
	if (!found) throw new Error(`the recording has no container ${name}`);
	return reduce(reduce(state, {type: 'paneChosen', pane: 'containers'}), {type: 'rowChosen', pane: 'containers', id: found.id});
}
