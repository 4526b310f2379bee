import {createRequire} from 'node:module';
import {ownProgramFlags} from './process/own-program.js';

/**
 * Where dockhop as one executable begins. It is its own Node: called as one that is to evaluate a text (which dockhop does to ask from
 * inside another namespace), it does that, and nothing else.
 */
const [node = '', , ...given] = process.argv;
const [program, end, ...words] = given.slice(ownProgramFlags.length);
if (program !== undefined && end === '--' && ownProgramFlags.every((flag, index) => given[index] === flag)) {
	process.argv = [node, ...words];
	new Function('require', program)(createRequire(process.execPath));
} else {
	import('../cli.js').catch(error => {
		process.stderr.write(`dockhop: it failed: ${error instanceof Error ? error.message : error}\n`);
		process.exitCode = 3;
	});
}
