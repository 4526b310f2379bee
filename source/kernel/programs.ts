import type {ProgramHere} from '../model/index.js';
import {clean} from '../text/clean.js';
import {gapOf, missingProgram} from './program.js';
import {runReader} from './runner.js';

/** Asks every program that dockhop uses (`door`: those of the helper's image) for its version. Reads nothing else, needs no right, and never rejects. */
export function readPrograms(door: readonly string[] = []): Promise<ProgramHere[]> {
	return Promise.all(
		used.map(async ({use, argv}): Promise<ProgramHere> => {
			const ran = await runReader(door, argv, undefined, 3000);
			const name = argv[0] ?? '';
			if (ran.code === null || missingProgram(door, name, ran) !== null) {
				const {why, tell} = gapOf(door, argv, ran);
				return {name, use, version: null, why, tell};
			}
			// Some print it on stderr, some (tcpdump of old) with an exit code of 1.
			const [line = ''] = `${ran.stdout}${ran.stderr}`.trim().split('\n');
			return {name, use, version: clean(/\d+(\.\d+)+\S*/.exec(line)?.[0].replace(/,$/, '') ?? line, 60), why: '', tell: ''};
		}),
	);
}

const used: readonly {use: ProgramHere['use']; argv: readonly string[]}[] = [
	{use: 'reading', argv: ['ip', '-V']},
	{use: 'reading', argv: ['bridge', '-V']},
	{use: 'reading', argv: ['ss', '-V']},
	{use: 'reading', argv: ['iptables', '--version']},
	{use: 'reading', argv: ['ip6tables', '--version']},
	{use: 'reading', argv: ['nft', '--version']},
	{use: 'reading', argv: ['ipset', '--version']},
	{use: 'reading', argv: ['nsenter', '--version']},
	{use: 'probes', argv: ['curl', '--version']},
	{use: 'traces', argv: ['tcpdump', '--version']},
	{use: 'traces', argv: ['conntrack', '--version']},
	{use: 'traces', argv: ['setpriv', '--version']},
];
