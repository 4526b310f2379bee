/**
 * npm run test:engine -- [ARGUMENTS OF vitest]
 * npm run test:engine -- --keep SCENARIO [--name NAME]   leaves a lab standing with that scenario in it, for a person to look at
 *
 * SCENARIO: six, hundred, or a fault of docs/faults.md by its finding or words of its name. DOCKHOP_ENGINES chooses the engine.
 */
import {spawn} from 'node:child_process';
import {engines} from '../test/lab/engines.ts';
import {fillingNamed, standLab} from './standing-lab.ts';

const args = process.argv.slice(2);
const at = args.indexOf('--keep');
if (at < 0) {
	const child = spawn('vitest', ['run', '--project', 'engine', '--maxWorkers', '3', ...args], {stdio: 'inherit'});
	child.once('error', error => fail(`vitest did not start (${error.message}): npm run test:engine`));
	child.once('close', code => {
		process.exitCode = code ?? 1;
	});
} else {
	const filling = fillingNamed(args[at + 1] ?? '');
	const engine = engines.at(-1);
	if (typeof filling === 'string' || !engine) fail(String(filling));
	else {
		const named = args.indexOf('--name');
		const name =
			(named < 0 ? undefined : args[named + 1]) ??
			`kept-${filling.kind === 'fault' ? filling.fault.id : filling.kind === 'scene' ? filling.name : 'empty'}`;
		await standLab(engine, name, filling).then(
			lines => console.log(lines.join('\n')),
			error => fail(`${error instanceof Error ? error.message : error}; is one standing already? node scripts/lab.ts down ${name}`),
		);
	}
}

function fail(why: string): void {
	console.error(`test:engine: ${why}`);
	process.exitCode = 1;
}
