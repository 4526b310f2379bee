import type {ProbePlan} from '../model/index.js';
import {clean} from '../text/clean.js';
import {type Attempt, notSent} from './attempt.js';
import {commandLine, wgetLine} from './command.js';
import type {ProbeContext} from './context.js';
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
	try {
		const curl = await exec(containerId, curlArgv(plan, plan.timeoutSeconds), options);
		if (!isMissing(curl.code)) return {attempt: curlAttempt(plan, curl), command};
		const began = performance.now();
		const wget = await exec(containerId, wgetArgv(plan, plan.timeoutSeconds), options);
		if (isMissing(wget.code)) return fail(`this container has neither curl nor wget, and this host's curl cannot be used there: ${whyNot}`);
		return {attempt: wgetAttempt(plan, wget, performance.now() - began), command: wgetLine(plan, snapshot)};
	} catch (error) {
		signal.throwIfAborted();
		return fail(`the engine did not run it: ${clean(error instanceof Error ? error.message : String(error), 300)}`);
	}
}

/** 126 and 127: what engines answer where the program cannot be started or is not there. */
function isMissing(code: number | null): boolean {
	return code === 126 || code === 127;
}
