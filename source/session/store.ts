import type {SessionState} from './session.js';

/** Holds a session's state as one value that is replaced, never changed in place, and calls back after every replacement. */
export function stateStore(state: SessionState) {
	let current = state;
	const listeners = new Set<() => void>();
	return {
		get: () => current,
		set(change: Partial<SessionState>): void {
			current = {...current, ...change};
			for (const listener of [...listeners]) listener();
		},
		subscribe(listener: () => void): () => void {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

export type StateStore = ReturnType<typeof stateStore>;

/** Waits until `look` gives something else than undefined for the state of now or of later. What it throws rejects. */
export function when<T>(store: StateStore, look: (state: SessionState) => T | undefined): Promise<T> {
	return new Promise((resolve, reject) => {
		let stop = () => {};
		const check = () => {
			try {
				const found = look(store.get());
				if (found === undefined) return false;
				resolve(found);
			} catch (error) {
				reject(error);
			}
			stop();
			return true;
		};
		if (!check()) stop = store.subscribe(check);
	});
}
