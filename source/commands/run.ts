import {EngineError, HelperError, type Session} from '../session/session.js';
import {type Command, type Context, UsageError} from './command.js';
import {type ExitCode, exitCodes} from './exit-codes.js';
import type {GlobalOptions} from './options.js';
import type {Output} from './output.js';
import type {Parsed} from './parse.js';

type Asked = Extract<Parsed, {kind: 'command'}>;

/**
 * Runs one command and gives its exit code. Errors become one line on stderr; an abort of `signal` ends with 130.
 * The session, if the command asked for one, is closed in every case.
 */
export async function runCommand(
	asked: Asked,
	openSession: (options: GlobalOptions) => Session,
	output: Output,
	signal: AbortSignal,
): Promise<ExitCode> {
	let session: Session | null = null;
	const context: Context = {
		arguments: asked.arguments,
		own: asked.own,
		options: asked.options,
		output,
		signal,
		session: (options = asked.options) => {
			session ??= openSession(options);
			return session;
		},
	};
	const running = settled(asked.command, context);
	try {
		return await Promise.race([running, interruption(signal)]);
	} finally {
		await closeSoon(session);
	}
}

async function settled(command: Command, context: Context): Promise<ExitCode> {
	try {
		return await command.run(context);
	} catch (error) {
		if (context.signal.aborted) return exitCodes.interrupted;
		context.output.note(`dockhop: ${errorLine(error, command)}`);
		if (error instanceof UsageError || error instanceof HelperError) return exitCodes.usage;
		return error instanceof EngineError ? exitCodes.noEngine : exitCodes.undetermined;
	}
}

/** What, where, what to do next. */
function errorLine(error: unknown, command: Command): string {
	if (error instanceof UsageError) return error.message;
	if (error instanceof EngineError) return [error.message, ...error.advice].reduce(withClause).replace(/\s+/g, ' ');
	return `${command.name} failed: ${error instanceof Error ? error.message : String(error)}`;
}

/** Advice is made of sentences, a line each; here it goes on with the one that was begun. */
function withClause(before: string, advice: string): string {
	// What a command does stands in a column of its own on the screen, and in brackets in a sentence.
	const told = advice.replace(/^(\S+) {2,}(.+?) {3,}(.+)$/, '$1 $2 ($3)');
	const clause = told.replace(/\.$/, '').replace(/^[A-Z](?=[a-z]* )/, letter => letter.toLowerCase());
	return `${before}${clause.startsWith('or ') ? ',' : ';'} ${clause}`;
}

function interruption(signal: AbortSignal): Promise<ExitCode> {
	return new Promise(resolve => {
		const end = () => resolve(exitCodes.interrupted);
		if (signal.aborted) end();
		signal.addEventListener('abort', end, {once: true});
	});
}

/** Closing ends what the session has started; a reader that hangs must not keep the program. */
async function closeSoon(session: Session | null): Promise<void> {
	if (!session) return;
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>(resolve => {
		timer = setTimeout(resolve, 1000);
	});
	await Promise.race([session.close().catch(() => {}), late]);
	clearTimeout(timer);
}
