/** The long form is asked for with DOCKHOP_ENDURANCE=long; the short one is for every change. */
export const isLong = process.env.DOCKHOP_ENDURANCE === 'long';

export function often(short: number, long: number): number {
	return isLong ? long : short;
}

/** A number sequence that is the same for the same seed (mulberry32, public domain): 0 ≤ x < 1. */
export function chance(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** DOCKHOP_SEED repeats a run. */
export const seed = Number(process.env.DOCKHOP_SEED ?? Date.now() % 1_000_000);

/** Counts are the point of these tests. */
export function report(line: string): void {
	process.stdout.write(`endurance: ${line}\n`);
}
