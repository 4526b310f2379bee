/** The function with its last result kept: the same arguments give the same value again, so that what is drawn from it is not drawn anew. */
export function memo<A extends readonly unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
	let last: {args: A; result: R} | null = null;
	return (...args) => {
		if (last?.args.length !== args.length || !args.every((arg, index) => Object.is(arg, last?.args[index]))) {
			last = {args, result: compute(...args)};
		}
		return last.result;
	};
}
