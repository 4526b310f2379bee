import {access} from 'node:fs/promises';
import type {ProbePlan, ProbeResult} from '../model/index.js';
import {agreementOf} from './agreement.js';
import {type Attempt, notSent} from './attempt.js';
import {clientOf, type Origin} from './client.js';
import {commandLine, nsenterLine} from './command.js';
import type {ProbeContext} from './context.js';
import {curlArgv, curlAttempt} from './curl.js';
import {sendDatagram} from './datagram.js';
import {sendInside} from './inside.js';
import {type Judgement, judge, judgeQuiet} from './judge.js';
import {connectQuietly} from './quiet.js';
import {missingProgram, type Sender, senderAt} from './sender.js';
import {whileWatching} from './watch.js';

/**
 * Launches one real request and says whether it reached its target. It takes at most the plan's time; an abort ends it at once
 * and rejects with the signal's reason. Never rejects otherwise: what could not be sent is a result with reached null.
 *
 * One request by curl (a datagram for UDP). From a container, root sends it with this host's curl in the container's network
 * namespace with its hosts, resolv.conf and order of sources: to the network that is the same request as the container's own, and it
 * works in every image and tells errno, times and the local port. What differs: its user and cgroup, and the C library that resolves.
 */
export async function probe(plan: ProbePlan, context: ProbeContext, signal: AbortSignal): Promise<ProbeResult> {
	signal.throwIfAborted();
	const began = performance.now();
	const sender = await senderAt(plan, context.snapshot);
	const watched = plan.scheme === 'udp' ? {...plan, target: null} : plan;
	const {result, arrivals} = await whileWatching(watched, context.snapshot, () => send(plan, context, sender, signal));
	const {attempt, command} = result;
	signal.throwIfAborted();
	const client = await clientOf(plan, attempt.remoteAddress, context.snapshot);
	const first: Judgement = plan.scheme === 'udp' ? judgeDatagram(attempt) : judge(attempt, arrivals, client);
	const left = plan.timeoutSeconds * 1000 - (performance.now() - began);
	const again = attempt.ending === 'closed' && first.reached === false && 'run' in sender && isHere(sender) && left >= leastQuietMs;
	const {reached, error} = again ? await askQuietly(plan, context, sender, attempt, client, left, signal) : first;
	signal.throwIfAborted();
	const {ending: _, ...seen} = attempt;
	return {command, reached, agreement: agreementOf(plan, reached), ...seen, error};
}

async function send(
	plan: ProbePlan,
	context: ProbeContext,
	sender: Sender | {whyNot: string},
	signal: AbortSignal,
): Promise<{attempt: Attempt; command: string}> {
	const command = commandLine(plan, context.snapshot);
	if (!('run' in sender)) {
		if (plan.from.kind === 'host') return {attempt: notSent(sender.whyNot), command};
		return sendInside(plan, plan.from.id, context, sender.whyNot, signal);
	}
	if (plan.scheme === 'udp' && !isHere(sender)) return {attempt: notSent('the helper sends no datagrams: only root may'), command};
	if (plan.scheme === 'udp') return {attempt: await sendDatagram(plan, sender, signal), command};
	const missing = await missingProgram(['curl'], sender.door);
	if (missing && plan.from.kind === 'container') return sendInside(plan, plan.from.id, context, missing, signal);
	if (missing) return {attempt: notSent(missing), command};
	const ran = await sender.run(curlArgv(plan, plan.timeoutSeconds), {timeoutMs: plan.timeoutSeconds * 1000 + 2000, signal});
	signal.throwIfAborted();
	const attempt = ran.failure ? notSent(`curl could not be run to its end: ${ran.failure}`) : curlAttempt(plan, ran);
	// Entering may be forbidden to this root (a security module): the container's own programs remain.
	if (attempt.ending === 'notSent' && plan.from.kind === 'container') {
		return sendInside(plan, plan.from.id, context, attempt.error ?? '', signal);
	}
	const hasCurl = sender.pid === null || (await holdsCurl(sender.pid));
	return {attempt, command: hasCurl ? command : nsenterLine(plan, sender.pid ?? 0, attempt.remoteAddress)};
}

/** What is more than curl is a program of this one's own, which an image does not have. */
function isHere({door = []}: Sender): boolean {
	return door.length === 0;
}

/** Whether a person could type `docker exec … curl`. */
async function holdsCurl(pid: number): Promise<boolean> {
	const paths = ['/usr/bin/curl', '/bin/curl', '/usr/local/bin/curl'];
	const found = await Promise.all(
		paths.map(path =>
			access(`/proc/${pid}/root${path}`).then(
				() => true,
				() => false,
			),
		),
	);
	return found.includes(true);
}

/** Less time than this tells nothing: a process must get the chance to accept. */
const leastQuietMs = 300;
const mostQuietMs = 1000;

async function askQuietly(
	plan: ProbePlan,
	{snapshot}: ProbeContext,
	sender: Sender,
	{remoteAddress}: Attempt,
	client: Origin,
	left: number,
	signal: AbortSignal,
): Promise<Judgement> {
	const from = plan.from.kind === 'host' ? plan.from.address : null;
	const ms = Math.min(left, mostQuietMs);
	const options = {address: remoteAddress ?? plan.host, port: plan.port, from, ms, signal};
	const {result, arrivals} = await whileWatching(plan, snapshot, () => connectQuietly(sender, options));
	return judgeQuiet(result, arrivals, client);
}

function judgeDatagram({ending, error}: Attempt): Judgement {
	const reached = ending === 'answered' ? true : ending === 'failed' || ending === 'nameless' ? false : null;
	return {reached, error};
}
