import type {Attempt} from './attempt.js';
import type {Origin} from './client.js';
import type {QuietConnection} from './quiet.js';
import {type Sighting, sighting} from './target-socket.js';
import type {Arrivals} from './watch.js';

export interface Judgement {
	reached: boolean | null;
	/** One clear reason; null on success. */
	error: string | null;
}

/** Whether the request reached its target: by the answer, else by what its own sockets say of the connection. */
export function judge(attempt: Attempt, arrivals: Arrivals, client: Origin): Judgement {
	const {ending, error} = attempt;
	if (ending === 'answered') return {reached: true, error};
	if (ending === 'failed' || ending === 'nameless') return {reached: false, error};
	if (ending === 'notSent') return {reached: null, error};
	if ('whyNot' in arrivals) {
		if (ending === 'closed') return {reached: false, error: `it opened and was closed without a byte (${error})`};
		return {reached: null, error: `it opened, and no byte came; whether the target took it cannot be told: ${arrivals.whyNot}`};
	}
	const seen = sighting(arrivals.arrived, {...client, ...attempt, spoke: true});
	// The front one of two connections, or a server that has taken the connection and waits, looks the same at the target.
	if (seen === 'taken' && ending === 'silent' && attempt.localPort !== null && arrivals.unheard.includes(attempt.localPort))
		return {reached: false, error: 'it opened, and what follows the handshake is lost: nothing acknowledges the request'};
	if (seen === 'taken')
		return {reached: true, error: ending === 'closed' ? 'taken by the target, and closed without a byte' : takenInSilence};
	return ending === 'closed' ? {reached: false, error: closed(seen)} : silent(seen);
}

/** The second look where the first connection was closed without a byte: one on which nothing was sent. */
export function judgeQuiet(quiet: QuietConnection, arrivals: Arrivals, client: Origin): Judgement {
	if (quiet.did === 'spoke') return {reached: true, error: 'it speaks first, in another protocol than HTTP, and closes on HTTP'};
	if (quiet.did !== 'open') return {reached: false, error: 'it opens and is closed at once without a byte'};
	if ('whyNot' in arrivals) return {reached: null, error: `it opens, and is closed on HTTP: ${arrivals.whyNot}`};
	const seen = sighting(arrivals.arrived, {...client, ...quiet, spoke: false});
	if (seen === 'taken') return {reached: true, error: 'taken by the target, which closes on HTTP: it speaks another protocol'};
	return silent(seen);
}

const takenInSilence = 'taken by the target, which sent no byte in time: another protocol than HTTP, or a slow answer';

function silent(seen: Exclude<Sighting, 'taken'>): Judgement {
	if (seen === 'absent') {
		return {
			reached: false,
			error:
				'it opened, but there is no such connection at the target: docker-proxy holds it open in front, or what follows the handshake is lost',
		};
	}
	if (seen === 'unread')
		return {reached: false, error: 'it arrived at the target, whose process does not take it: paused, stopped or hung'};
	return {reached: null, error: 'it opened, and no byte came; which of the connections at the target is this one cannot be told'};
}

function closed(seen: Exclude<Sighting, 'taken'>): string {
	const where = seen === 'absent' ? ', and no connection was seen at the target' : '';
	return `it opened and was closed at once without a byte${where}`;
}
