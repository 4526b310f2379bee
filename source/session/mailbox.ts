/** What is to be read again: all, or the containers with these ids beside the lists. */
export interface Change {
	all: boolean;
	containers: Set<string>;
}

/** Changes that wait to be read: those that come while one reading runs are taken together by the next. */
export function mailbox() {
	let waiting: Change | null = null;
	let wake = () => {};
	return {
		post(all: boolean, containers: Iterable<string>): void {
			waiting = {all: all || (waiting?.all ?? false), containers: new Set([...(waiting?.containers ?? []), ...containers])};
			wake();
		},
		/** Resolves with what waits as soon as something does. */
		async next(): Promise<Change> {
			while (!waiting) {
				await new Promise<void>(resolve => {
					wake = resolve;
				});
			}
			const change = waiting;
			waiting = null;
			return change;
		},
	};
}
