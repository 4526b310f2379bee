/**
 * node keeper.ts NAME: removes the lab of that name once its standard input ends: when whoever started it closes the pipe, and as well
 * when that process dies in any way.
 */
import {removeLab} from './remove.ts';

const name = process.argv[2];
if (name === undefined) throw new Error('usage: keeper.ts NAME');
process.stdin.resume();
process.stdin.once('close', () => removeLab(name));
