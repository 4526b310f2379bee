import {type Ran, type RunOptions, run} from '../process/run.js';

/**
 * Runs several programs one after the other in one process of sh(1) (behind `enter`), because starting a process from here costs more than
 * these programs take. The shell is given a text of numbers alone ("${1}" "${2}"; …); the words of the programs are its arguments. Gives what each did, or null
 * where the whole did not come to its end: then nobody knows which failed.
 */
export async function runBundle(
	enter: readonly string[],
	argvs: readonly (readonly string[])[],
	options: RunOptions,
): Promise<Ran[] | null> {
	let next = 1;
	const calls = argvs.map(argv => `${argv.map(() => `"\${${next++}}"`).join(' ')}; printf '\\0%s\\0' "$?"; printf '\\0' >&2`);
	const {code, stdout, stderr} = await run([...enter, 'sh', '-c', calls.join('\n'), 'sh', ...argvs.flat()], options);
	const [outputs, errors] = [stdout.split('\0'), stderr.split('\0')];
	if (code !== 0 || outputs.length !== 2 * argvs.length + 1 || errors.length !== argvs.length + 1) return null;
	return argvs.map((_, index) => ({
		stdout: outputs[2 * index] ?? '',
		stderr: errors[index] ?? '',
		code: Number(outputs[2 * index + 1]),
		signal: null,
		failure: null,
	}));
}
