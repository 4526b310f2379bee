import {commandLine} from '../../probe/command.js';
import type {State} from '../state/state.js';

/** What is asked before the first trace of a session: what it does to the host, and that it leaves nothing there. */
export function agreeWords({flow: {explanation, probe}, session: {snapshot}, mode}: State): string[] {
	const fromLan = explanation?.path.from.kind === 'lan';
	const sends =
		mode.kind === 'agree' && mode.anybody
			? 'It sends nothing: it waits for the next request that anybody sends.'
			: fromLan || !probe || !snapshot || 'whyNot' in probe
				? 'It sends nothing: it waits for the request of a client on the LAN.'
				: `It sends a real request: ${commandLine(probe, snapshot)}`;
	return [
		sends,
		'While it runs, a table of its own is in nftables of each network namespace on the way, and tcpdump and conntrack listen there.',
		'The kernel removes the table with dockhop, also after kill -9. This is asked once.',
		'',
	];
}

export const agreeChoices = ['Trace it', 'Not now'];
