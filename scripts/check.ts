/** npm run check: format and lint, types, code that nobody uses; side by side, for each needs little more than one processor. */
import {fileURLToPath} from 'node:url';
import {held} from './held.ts';

const checks = [['biome', 'check', '.'], ['tsc', '-p', '.'], ['knip']] as const;

/** Runs them all, and prints of each whether it passed, and what it has to say against the project. Gives the names of those that failed. */
export async function failedChecks(): Promise<string[]> {
	const failed: string[] = [];
	const running = checks.map(argv => ({words: argv.join(' '), program: held(argv)}));
	for (const {words, program} of running) {
		const {code, seconds} = await program.ended;
		console.log(`${code === 0 ? '✓' : '✗'} ${words}  ${seconds.toFixed(1)} s`);
		if (code === 0) continue;
		program.release();
		failed.push(words);
	}
	return failed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await failedChecks()).length > 0 ? 1 : 0;
