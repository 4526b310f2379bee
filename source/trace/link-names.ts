import {run} from '../process/run.js';
import {clean} from '../text/clean.js';

/**
 * Names of the links of a namespace by their index: `known` where it has them, else as ip(8) says then: a link may have come meanwhile.
 * One that has gone before it could be asked for is called by its index.
 */
export function linkNames(enter: readonly string[], known: readonly {index: number; name: string}[]) {
	const names = new Map(known.map(({index, name}) => [index, name]));
	let asking: Promise<void> | null = null;
	const ask = async () => {
		const {stdout} = await run([...enter, 'ip', '-o', 'link', 'show'], {timeoutMs: 3000});
		for (const [, index, name = ''] of stdout.matchAll(/^(\d+): ([^:@\s]+)/gm)) names.set(Number(index), clean(name));
		asking = null;
	};
	return {
		/** null: not known; ask. */
		of: (index: number): string | null => names.get(index) ?? null,
		async ask(index: number): Promise<string> {
			asking ??= ask();
			await asking;
			const name = names.get(index) ?? `if${index}`;
			names.set(index, name);
			return name;
		},
	};
}
