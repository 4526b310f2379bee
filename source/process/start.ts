import {type ChildProcess, spawn} from 'node:child_process';
import {EventEmitter} from 'node:events';

/** A program that was started: what is used of a child process, so that one behind a door can look the same. Its end is the event "close". */
export type Started = Pick<ChildProcess, 'pid' | 'stdin' | 'stdout' | 'stderr' | 'kill'> & Pick<EventEmitter, 'on' | 'once'>;

/** Starts programs elsewhere than as children of this process. `stdin`: the program is to get what is written; else an empty one. */
export type Door = (argv: readonly string[], options: {stdin: boolean}) => Started;

/** Opens a door: an argument vector that begins with the word that comes back is started by it, until it is closed. */
export function openDoor(door: Door): {word: string; close(): void} {
	const word = `${doorSign}${++opened}`;
	doors.set(word, door);
	return {word, close: () => void doors.delete(word)};
}

/** Takes the door, if there is one, off an argument vector or what stands in front of one. */
export function splitDoor(words: readonly string[]): {door: string[]; rest: string[]} {
	const at = words[0]?.startsWith(doorSign) ? 1 : 0;
	return {door: words.slice(0, at), rest: words.slice(at)};
}

/** Starts a program with its three streams as pipes; without `stdin` it reads nothing. A door that was closed is an error of code doorClosed. */
export function start(argv: readonly string[], {stdin, env}: {stdin: boolean; env: NodeJS.ProcessEnv}): Started {
	const {door, rest} = splitDoor(argv);
	const [program = '', ...args] = rest;
	if (door[0] === undefined) return spawn(program, args, {stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'], env});
	return (doors.get(door[0]) ?? closedDoor)(rest, {stdin});
}

/** What spawn's error code would be: the place behind the door has gone. */
export const doorClosed = 'EDOOR';

/** Looks like a program that could not be started. */
function closedDoor(): Started {
	const program = Object.assign(new EventEmitter(), {pid: undefined, stdin: null, stdout: null, stderr: null, kill: () => false});
	setImmediate(() => {
		program.emit('error', Object.assign(new Error('its door is closed'), {code: doorClosed}));
		program.emit('close', null, null);
	});
	return program;
}

/** No program's name begins so. */
const doorSign = 'helper:';
const doors = new Map<string, Door>();
let opened = 0;
