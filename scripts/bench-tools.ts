import {findProgram} from '../test/lab/packages.ts';

/** A program that shows the engine's containers on a terminal. */
export interface Tool {
	name: string;
	argv: string[];
}

/** dockhop, and those of the others that this machine has. All of them ask the engine of DOCKER_HOST. */
export function toolsHere(dockhop: string): [Tool, ...Tool[]] {
	const others = ['lazydocker', 'ctop', 'dry', 'oxker'].filter(name => findProgram(name) !== null);
	return [{name: 'dockhop', argv: [process.execPath, dockhop]}, ...others.map(name => ({name, argv: [name]}))];
}
