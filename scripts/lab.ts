/**
 * node scripts/lab.ts up ENGINE --name NAME [--scene SCENARIO]   starts a lab that stays, and prints how to enter it
 * node scripts/lab.ts down NAME                                  ends it
 *
 * SCENARIO: six, hundred, or a fault of docs/faults.md by its finding or words of its name.
 */
import {parseArgs} from 'node:util';
import {isEngineName, suites} from '../test/lab/engines.ts';
import {removeLab} from '../test/lab/remove.ts';
import {fillingNamed, standLab} from './standing-lab.ts';

const {positionals, values} = parseArgs({allowPositionals: true, options: {name: {type: 'string'}, scene: {type: 'string'}}});
const [verb, which = ''] = positionals;
const filling = values.scene === undefined ? ({kind: 'empty'} as const) : fillingNamed(values.scene);

if (typeof filling === 'string') {
	console.error(`lab: ${filling}`);
	process.exitCode = 2;
} else if (verb === 'up' && isEngineName(which) && values.name !== undefined) {
	console.log((await standLab(which, values.name, filling)).join('\n'));
} else if (verb === 'down' && /^[a-z0-9-]+$/.test(which)) await removeLab(which);
else {
	const engines = Object.keys(suites).join('|');
	console.error(`usage: node scripts/lab.ts up ${engines} --name NAME [--scene SCENARIO]\n       node scripts/lab.ts down NAME`);
	process.exitCode = 2;
}
