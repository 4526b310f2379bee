import {render} from 'ink';
import {follow} from '../session/follow.js';
import {demoSession} from '../session/recorded.js';
import {HelperError, type Session} from '../session/session.js';
import {App} from './app.js';
import {clipboardSequence} from './clipboard.js';
import type {Intent} from './keys/intent.js';
import type {Size} from './layout.js';
import {runOnTerminal} from './lend.js';
import type {Look} from './lines/line.js';
import {lookOf} from './look.js';
import {createPerformer, isEffect} from './perform.js';
import {loadProof} from './proof-tools.js';
import {initialState} from './state/state.js';
import {createStore} from './store.js';

export interface ExplorerOptions {
	ascii: boolean;
	color: boolean;
	/** Whether a traced request is shown travelling its table. */
	motion: boolean;
	timeoutSeconds: number;
	family: 4 | 6 | null;
}

/** How the explorer ended: with what to leave on the terminal, or that it goes on with the demo. */
type End = {kind: 'demo'} | {kind: 'ended'; code: number; stdout?: string; stderr?: string};

/**
 * Shows the explorer until the person quits, and gives the exit code. The terminal is as it was before, whichever way it ends; an
 * error is one line on stderr.
 */
export async function startExplorer({session, options}: {session: Session; options: ExplorerOptions}): Promise<number> {
	const look = lookOf(options, process.env);
	let current = session;
	for (;;) {
		const end = await explore(current, options, look);
		await current.close().catch(() => {});
		if (end.kind === 'ended') {
			await Promise.all([write(process.stdout, end.stdout ?? ''), write(process.stderr, end.stderr ?? '')]);
			return end.code;
		}
		current = demoSession();
	}
}

async function explore(session: Session, options: ExplorerOptions, look: Look): Promise<End> {
	const {stdout, stdin} = process;
	const {promise, resolve: end} = Promise.withResolvers<End>();
	const live = {kind: session.kind, whyNoProbe: session.whyNoProbe, canDemo: session.kind === 'live', ...session.state()};
	const store = createStore(initialState(live, sizeOf(stdout)));
	let give: (run: () => Promise<void>) => Promise<void> = async () => {};
	let lent = false;
	const performer = createPerformer(store, {
		session,
		// Loaded with the first request: the first screen does without.
		follow: async (of, request) => follow(of, request, (await import('../diagnosis/conclude.js')).conclude),
		copy: text => stdout.write(clipboardSequence(text, process.env.TMUX !== undefined)),
		// Loaded when it is asked for.
		record: async (of, traces) => (await import('../session/write-recording.js')).writeRecording(of, traces, process.cwd()),
		suspend: () => void give(stopped).catch(() => {}),
		async lend(argv, words) {
			lent = true;
			try {
				await give(() => runOnTerminal(argv, words));
			} finally {
				lent = false;
			}
		},
		quit: (code, leave) => end({kind: 'ended', code, stdout: leave.map(line => `${line}\n`).join('')}),
		demo: () => end({kind: 'demo'}),
		proof: loadProof,
		motion: options.motion,
		now: () => new Date(),
		timeoutSeconds: options.timeoutSeconds,
	});
	const carryOut = (intent: Intent, giveTerminal: (run: () => Promise<void>) => Promise<void>) => {
		give = giveTerminal;
		for (const part of intent) {
			if (isEffect(part)) performer.perform(part);
			else store.dispatch(part);
		}
	};
	// A recording that cannot be read, a helper that cannot be had will not get better: that is no screen, but an error.
	session.ready().catch(error => {
		if (session.kind !== 'live') end({...failed(error), code: 4});
		else if (error instanceof HelperError) end({...failed(error), code: 2});
	});
	const resized = () => store.dispatch({type: 'resized', size: sizeOf(stdout)});
	const stops = [
		session.subscribe(performer.sessionChanged),
		on(stdout, 'resize', resized),
		// The terminal is gone (SSH): nothing can be restored, and nobody is there to be told.
		on(stdout, 'error', () => end({kind: 'ended', code: 129})),
		on(stdin, 'error', () => end({kind: 'ended', code: 129})),
		on(process, 'SIGHUP', () => end({kind: 'ended', code: 129})),
		on(process, 'SIGTERM', () => end({kind: 'ended', code: 143})),
		// While a shell has the terminal, ctrl-c is meant for what runs there.
		on(process, 'SIGINT', () => lent || end({kind: 'ended', code: 130})),
		on(process, 'uncaughtException', error => end(failed(error))),
		on(process, 'unhandledRejection', error => end(failed(error))),
	];
	// Keys that come before the first frame wait for it, and are not echoed over it.
	stdin.setRawMode(true);
	// Those that came before this were: Ink draws its first line from the cursor's column on.
	stdout.write('\u001b[G');
	await answer(session, 50);
	// What the session already holds gets its cursors before the first frame.
	performer.sessionChanged();
	const app = render(<App store={store} look={look} carryOut={carryOut} family={options.family} />, {
		alternateScreen: true,
		incrementalRendering: true,
		interactive: true,
		exitOnCtrlC: false,
		patchConsole: false,
		maxFps: 30,
	});
	// An error that React met while drawing unmounts the app by itself.
	app.waitUntilExit().catch(error => end(failed(error)));
	const how = await promise;
	performer.stop();
	app.unmount();
	await app.waitUntilExit().catch(() => {});
	stdin.setRawMode(false);
	for (const stop of stops) stop();
	return how;
}

/** An engine that is near has answered while React was loaded: then the first frame has its names. Waits for that, at most so long. */
function answer(session: Session, ms: number): Promise<void> {
	return new Promise(resolve => {
		const timer = setTimeout(done, ms);
		const stop = session.subscribe(look);
		look();
		function look() {
			const {snapshot, link} = session.state();
			if (snapshot || link.kind === 'lost') done();
		}
		function done() {
			clearTimeout(timer);
			stop();
			resolve();
		}
	});
}

/**
 * Stops the whole process group, as the terminal's driver would have done. It returns when the group was continued, or soon, where
 * nobody could have continued it (an orphaned group is not stopped by SIGTSTP).
 */
function stopped(): Promise<void> {
	process.kill(0, 'SIGTSTP');
	return new Promise(resolve => setTimeout(resolve, 100));
}

function on(emitter: NodeJS.EventEmitter, event: string, listener: (argument: unknown) => void): () => void {
	emitter.on(event, listener);
	return () => emitter.off(event, listener);
}

function sizeOf({columns = 80, rows = 24}: NodeJS.WriteStream): Size {
	return {columns, rows};
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
	return new Promise(resolve => {
		stream.once('error', () => resolve());
		stream.write(text, () => resolve());
	});
}

function failed(error: unknown): Extract<End, {kind: 'ended'}> {
	return {kind: 'ended', code: 1, stderr: `dockhop: ${firstLine(error)}\n`};
}

function firstLine(error: unknown): string {
	return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
}
