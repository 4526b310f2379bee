/**
 * How often a property is tried. The short form, for every change, is the default; DOCKHOP_RUNS=4 (a factor) looks for longer, as the machine that
 * runs everything does.
 */
export function runs(short: number): number {
	return Math.ceil(short * Number(process.env.DOCKHOP_RUNS ?? 1));
}
