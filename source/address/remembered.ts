/**
 * The same function, which keeps what it gave: a walk asks for the same few hundred addresses a hundred thousand times. Forgets all where
 * it knows more than it should keep.
 */
export function remembered<T>(of: (text: string) => T): (text: string) => T {
	const known = new Map<string, T>();
	return text => {
		const found = known.get(text);
		if (found !== undefined) return found;
		const made = of(text);
		if (known.size >= most) known.clear();
		known.set(text, made);
		return made;
	};
}

const most = 20_000;
