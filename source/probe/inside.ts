import type {ProbePlan} from '../model/index.js';
import {clean} from '../text/clean.js';
import {type Attempt, notSent} from './attempt.js';
import {commandLine, wgetLine} from './command.js';
import type {Exec, ProbeContext} from './context.js';
import {curlArgv, curlAttempt} from './curl.js';
import {wgetArgv, wgetAttempt} from './wget.js';

/**
 * Sends the request with the container's own curl or wget, through the engine. Only where this host's curl cannot be put
 * into the container's namespace (`whyNot`): the container's own program may be old, and says less.
 */
export async function sendInside(
	plan: ProbePlan,
	containerId: string,
	{snapshot, exec}: ProbeContext,
	whyNot: string,
	signal: AbortSignal,
): Promise<{attempt: Attempt; command: string}> {
	const options = {signal, timeoutMs: plan.timeoutSeconds * 1000 + 2000};
	const command = commandLine(plan, snapshot);
	const fail = (error: string) => ({attempt: notSent(error), command});
	if (plan.scheme === 'udp') return fail(`a datagram cannot be sent from inside this container: ${whyNot}`);
	const ask = (argv: string[]) => orMissing(exec(containerId, argv, options));
	try {
		const curl = await ask(curlArgv(plan, plan.timeoutSeconds));
		if (curl) return {attempt: curlAttempt(plan, curl), command};
		const began = performance.now();
		const wget = await ask(wgetArgv(plan, plan.timeoutSeconds));
		if (wget) return {attempt: wgetAttempt(plan, wget, performance.now() - began), command: wgetLine(plan, snapshot)};
		return fail(`this container has neither curl nor wget, and this host's curl cannot be used there: ${whyNot}`);
	} catch (error) {
		signal.throwIfAborted();
		return fail(`the engine did not run it: ${clean(error instanceof Error ? error.message : String(error), 300)}`);
	}
}

/** null where the container has no such program: engines answer exit code 126 or 127, or refuse to start it with these words. */
async function orMissing(ran: ReturnType<Exec>): Promise<Awaited<ReturnType<Exec>> | null> {
	try {
		const result = await ran;
		return result.code === 126 || result.code === 127 ? null : result;
	} catch (error) {
		if (error instanceof Error && /executable file .*not found|no such file or directory/i.test(error.message)) return null;
		throw error;
	}
}
