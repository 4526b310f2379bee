import {fileURLToPath} from 'node:url';
import {type IPty, spawn} from '@lydell/node-pty';
import headless, {type Terminal} from '@xterm/headless';

/** dockhop in a real pseudo-terminal, and the screen that a person would see. */
export interface Program {
	/** Keys by name ("enter", "down", "ctrl-c") or as they are typed. */
	press(...keys: string[]): void;
	/** As a terminal with bracketed paste sends it. */
	paste(text: string): void;
	resize(columns: number, rows: number): void;
	/** Waits until the screen holds it. The time-out says what the screen held instead. */
	waitFor(text: string | RegExp): Promise<void>;
	/** Waits until nothing is written for a moment; gives the bytes since the last call. */
	settled(): Promise<number>;
	screen(): string[];
	/** The terminal that draws it, for its colours. */
	terminal: Terminal;
	/** Whether the alternate screen is shown. */
	alternate(): boolean;
	/** Of the first process: dockhop itself, unless a program that runs it stays. */
	pid: number;
	/** Sends a signal to that process. */
	signal(name: 'SIGTERM' | 'SIGHUP' | 'SIGINT' | 'SIGUSR2'): void;
	/** Takes the terminal away, as a lost connection does. */
	hangUp(): void;
	/** Waits for the end; gives the exit code. */
	ended(): Promise<number>;
	/** All that was ever written. */
	output(): string;
	/** Ends what is left of it. */
	stop(): void;
}

export interface Settings {
	columns?: number;
	rows?: number;
	env?: Record<string, string | undefined>;
	/** A program that runs dockhop, in front of its argument vector. */
	under?: readonly string[];
	/** What is run; default: this Node and the bundle. */
	program?: readonly string[];
}

export function start(args: readonly string[], settings: Settings = {}): Program {
	const {columns = 120, rows = 40, env = {}, under = [], program: run = [process.execPath, bundled]} = settings;
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true});
	const [program = '', ...more] = [...under, ...run, ...args];
	const pty = spawn(program, more, {cols: columns, rows, env: environment(env), name: 'xterm-256color'});
	let output = '';
	let pending = 0;
	let bytes = 0;
	const watchers = new Set<() => void>();
	const changed = () => {
		for (const watcher of [...watchers]) watcher();
	};
	pty.onData(data => {
		output += data;
		bytes += Buffer.byteLength(data);
		pending++;
		terminal.write(data, () => {
			pending--;
			changed();
		});
	});
	// What the terminal itself answers (a question for the cursor's position) goes back to the program.
	terminal.onData(answer => pty.write(answer));
	const {promise: end, resolve} = Promise.withResolvers<number>();
	pty.onExit(({exitCode, signal}) => resolve(signal ? 128 + signal : exitCode));
	const screen = () => screenLines(terminal);
	return {
		press: (...keys) => {
			for (const key of keys) pty.write(bytesOf[key] ?? key);
		},
		paste: text => pty.write(`\u001b[200~${text}\u001b[201~`),
		resize(nextColumns, nextRows) {
			terminal.resize(nextColumns, nextRows);
			pty.resize(nextColumns, nextRows);
		},
		waitFor: text =>
			new Promise((found, reject) => {
				const timer = setTimeout(() => {
					watchers.delete(look);
					reject(new Error(`no ${text} on the screen:\n${screen().join('\n')}`));
				}, patience);
				const look = () => {
					const shown = screen().join('\n');
					if (!(typeof text === 'string' ? shown.includes(text) : text.test(shown))) return;
					clearTimeout(timer);
					watchers.delete(look);
					found();
				};
				watchers.add(look);
				look();
			}),
		async settled() {
			for (let before = -1; before !== bytes || pending > 0; ) {
				before = bytes;
				await new Promise(resolve => setTimeout(resolve, quiet));
			}
			const since = bytes;
			bytes = 0;
			return since;
		},
		screen,
		terminal,
		pid: pty.pid,
		alternate: () => terminal.buffer.active.type === 'alternate',
		signal: name => kill(pty, name),
		hangUp: () => (pty as IPty & {destroy(): void}).destroy(),
		async ended() {
			const code = await end;
			while (pending > 0) await new Promise(resolve => setTimeout(resolve, 1));
			return code;
		},
		output: () => output,
		stop: () => {
			try {
				kill(pty, 'SIGKILL');
			} catch {
				// It has ended already.
			}
		},
	};
}

function kill(pty: IPty, signal: NodeJS.Signals): void {
	process.kill(pty.pid, signal);
}

function screenLines(terminal: Terminal): string[] {
	const {active} = terminal.buffer;
	return Array.from({length: terminal.rows}, (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '');
}

function environment(env: Settings['env']): Record<string, string> {
	const {NO_COLOR: _, FORCE_COLOR: __, TMUX: ___, CI: ____, ...own} = process.env;
	const merged = {...own, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', ...env};
	return Object.fromEntries(Object.entries(merged).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** The bundle; DOCKHOP_BUNDLE names another one. */
const bundled = process.env.DOCKHOP_BUNDLE ?? fileURLToPath(new URL('../../dist/dockhop.js', import.meta.url));
/** For what never comes. A machine that does much else is slow, not wrong. */
const patience = 60_000;
/** Much longer than a frame at 30 per second, so that a settled screen has no frame under way on a busy machine either. */
const quiet = 300;
const bytesOf: Record<string, string> = {
	enter: '\r',
	escape: '\u001b',
	up: '\u001b[A',
	down: '\u001b[B',
	right: '\u001b[C',
	left: '\u001b[D',
	pageup: '\u001b[5~',
	pagedown: '\u001b[6~',
	tab: '\t',
	backspace: '\u007f',
	'ctrl-c': '\u0003',
	'ctrl-z': '\u001a',
};
