import {availableParallelism} from 'node:os';
import {setImmediate} from 'node:timers';
import {type Ran, type RunOptions, run} from '../process/run.js';
import {splitDoor} from '../process/start.js';
import {turns} from '../process/turns.js';
import {type Errand, runErrands} from './errands.js';

/**
 * Runs a program with the folders of administrators' programs in PATH, which ordinary users often lack. What is asked in one turn goes there
 * together, in as many processes as there are processors: to start one from here costs more than these programs take (fork(2) copies the
 * tables of all memory that Node has, and makes it be copied page by page when it is used again). At most 16 processes at once: a host may
 * have a thousand containers.
 */
export async function runReader(enter: readonly string[], argv: readonly string[], stdin?: string, timeoutMs?: number): Promise<Ran> {
	if (stdin !== undefined || timeoutMs !== undefined) return alone(enter, argv, {stdin, timeoutMs});
	return new Promise(resolve => {
		if (gathering.push({enter, argv, resolve}) > 1) return;
		setImmediate(() => {
			const all = gathering;
			gathering = [];
			for (const asked of Map.groupBy(all, one => splitDoor(one.enter).door.join('\0')).values()) {
				const spaces = [...Map.groupBy(asked, one => one.enter.join('\0')).values()].flatMap((space, _, {length}) =>
					length === 1 ? byProgram(space) : [space],
				);
				for (const share of shares(spaces)) void runTogether(share);
			}
		});
	});
}

interface Asked {
	enter: readonly string[];
	argv: readonly string[];
	resolve(ran: Ran): void;
}

/** What is asked of one namespace alone can still be dealt out; what one program is asked together stays together. */
function byProgram(space: readonly Asked[]): Asked[][] {
	return [...Map.groupBy(space, ({argv}) => argv[0]).values()];
}

/** Evenly dealt out: one for each processor, but none so large that nobody knows whether it still goes on. */
function shares<T>(items: readonly T[]): T[][] {
	const count = Math.min(items.length, Math.max(availableParallelism(), Math.ceil(items.length / most)));
	return Array.from({length: count}, (_, share) => items.filter((_, index) => index % count === share));
}

/** A program that is not there, or whose errand did not end, is tried on its own: then its failure is its own. */
async function runTogether(spaces: readonly (readonly Asked[])[]): Promise<void> {
	// All of them are behind the same door, where a start costs ten times as much as entering a namespace.
	const {door} = splitDoor(spaces[0]?.[0]?.enter ?? []);
	const errands = spaces.map((asked): Errand => ({enter: splitDoor(asked[0]?.enter ?? []).rest, argvs: asked.map(({argv}) => argv)}));
	const isOne = spaces.length === 1 && spaces[0]?.length === 1;
	const did = isOne ? [] : await inTurn(() => runErrands(door, errands, {...common(), timeoutMs: 10_000 + 1000 * errands.length}));
	await Promise.all(
		spaces.flatMap((asked, space) =>
			asked.map(async ({enter, argv, resolve}, index) => {
				const ran = did[space]?.[index];
				resolve(ran && ran.code !== 126 && ran.code !== 127 ? ran : await alone(enter, argv));
			}),
		),
	);
}

function alone(enter: readonly string[], argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
	return inTurn(() => run([...enter, ...argv], {...common(), ...options}));
}

function common(): RunOptions {
	const PATH = [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'].filter(Boolean).join(':');
	return {env: {PATH}};
}

const inTurn = turns(16);
let gathering: Asked[] = [];
/** Namespaces per process: half a second of work. */
const most = 32;
