import type {Action} from './state/actions.js';
import {reduce} from './state/reduce.js';
import type {State} from './state/state.js';

/** Holds the one state: React reads it, keys and the session change it. */
export interface Store {
	state(): State;
	dispatch(action: Action): void;
	/** Calls back after every change; gives the way to stop. */
	subscribe(listener: () => void): () => void;
}

export function createStore(initial: State): Store {
	let current = initial;
	const listeners = new Set<() => void>();
	return {
		state: () => current,
		dispatch(action) {
			current = reduce(current, action);
			for (const listener of listeners) listener();
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
