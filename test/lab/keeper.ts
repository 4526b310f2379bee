/**
 * node keeper.ts NAME: claims a lab of that name, says so on standard output, and removes it once its standard input ends: when whoever
 * started it closes the pipe, and as well when that process dies in any way. Touches nothing where the name is taken.
 */
import {claim} from './owner.ts';
import {removeLab} from './remove.ts';

const name = process.argv[2];
if (name === undefined) throw new Error('usage: keeper.ts NAME');
await claim(name, process.pid);
process.stdin.resume();
process.stdin.once('close', () => removeLab(name));
process.stdout.write('claimed\n');
