import {exitCodes} from './source/commands/exit-codes.js';
import {commands} from './source/commands/index.js';
import type {GlobalOptions} from './source/commands/options.js';
import {standardOutput} from './source/commands/output.js';
import {parse} from './source/commands/parse.js';
import {runCommand} from './source/commands/run.js';
import {version} from './source/commands/version.js';
import type {KernelPart, Session} from './source/session/session.js';

/** Arguments in, a session made, a command or the explorer out. */
const parsed = parse(process.argv.slice(2), commands, version);
if (parsed.kind === 'said') await say(parsed.stdout, parsed.stderr, parsed.code);
else if (parsed.kind === 'explorer') await explore(parsed.options);
else await command(parsed);

async function command(asked: Extract<typeof parsed, {kind: 'command'}>): Promise<void> {
	const stop = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
	const output = standardOutput(asked.options);
	const {reads, waits} = asked.command;
	const open = await sessions(asked.options);
	const how = {reads, once: !waits};
	const code = await runCommand(asked, options => open(options, output.note, how), output, stop.signal);
	await say('', '', code);
}

/** The request to the engine is on its way before React and Ink are loaded. */
async function explore(options: GlobalOptions): Promise<void> {
	const lacking =
		process.stdin.isTTY && process.stdout.isTTY
			? process.env.TERM === 'dumb' && 'a terminal that can move its cursor (TERM is dumb)'
			: 'a terminal';
	if (lacking) {
		const plain = 'networks, containers, bridges, flow TARGET, probe TARGET, trace TARGET and doctor write plain text';
		await say('', `dockhop: the explorer needs ${lacking}; ${plain} (see dockhop --help)\n`, exitCodes.usage);
		return;
	}
	// The space for what is young does not grow: 30 MB less for a program that stays open, and no slower.
	process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
	const session = (await sessions(options))(options, () => {});
	const {startExplorer} = await import('./source/ui/start.js');
	await say('', '', await startExplorer({session, options}));
}

/** `note` tells a person what happens. */
type OpenSession = (options: GlobalOptions, note: (line: string) => void, how?: {reads?: KernelPart; once?: boolean}) => Session;

/**
 * How sessions are opened: what asks an engine is not loaded for a recording. A helper container lasts for the longest request that can be
 * asked for, and an hour for what lies between.
 */
async function sessions(asked: GlobalOptions): Promise<OpenSession> {
	const isRecorded = asked.demo || asked.replay !== null;
	const [{demoSession, recordedSession}, live] = await Promise.all([
		import('./source/session/recorded.js'),
		isRecorded ? null : import('./source/session/live.js'),
	]);
	return (options, note, how = {}) => {
		const {helper: image, timeoutSeconds, demo, replay} = options;
		if (demo) return demoSession();
		if (replay !== null || !live) return recordedSession(replay ?? '');
		const helper = image === null ? undefined : {image, seconds: 3600 + Math.ceil(timeoutSeconds), note};
		return live.liveSession({...options, ...how, helper});
	};
}

/** Writes what is left and ends when it is written. */
async function say(stdout: string, stderr: string, code: number): Promise<never> {
	await Promise.all([written(process.stdout, stdout), written(process.stderr, stderr)]);
	process.exit(code);
}

function written(stream: NodeJS.WriteStream, text: string): Promise<void> {
	return new Promise(resolve => {
		stream.once('error', () => resolve());
		stream.write(text, () => resolve());
	});
}
