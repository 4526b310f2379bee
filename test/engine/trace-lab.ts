import {expect} from 'vitest';
import type {Witnesses} from '../../source/proof/witnesses.ts';
import {type Lab, program} from '../lab/lab.ts';
import type {FlowDocument, HopDocument} from './flow-checks.ts';

/** The parts of `trace --json` that these tests look at. */
export interface TraceDocument extends FlowDocument {
	hops: (HopDocument & {observed: ObservedDocument})[];
	explained: {verdict: string; blockedAt: number | null; lost: string | null};
	agreement: boolean | null;
	differs: number[];
	observation: string;
	notSeen: string[];
	repeated: {request: number; answer: number};
	witnesses: Witnesses;
}

interface ObservedDocument {
	seen: boolean | null;
	gap: {id: string; why: string; tell: string} | null;
	certainty: 'observed' | 'inferred';
	rules: {table: string; chain: string; rule: number | null; verdict: string; explained: boolean | null}[];
	packets: {interface: string; direction: string; us: number; src: string; dst: string; sport: number | null; what: string}[];
	conntrack: {event: string}[];
}

/** Traces a request that dockhop sends itself; its exit code has to fit its verdict. */
export async function trace(lab: Lab, ...args: string[]): Promise<TraceDocument> {
	const ran = await lab.dockhop('trace', ...args, '--json', '--timeout', '1.2');
	const document: TraceDocument = JSON.parse(ran.stdout);
	expect(ran.code, `exit code of ${document.verdict}`).toBe(codes[document.verdict]);
	return document;
}

/** Traces a request of a client on the LAN: `send` runs there once the trace is armed. */
export async function traceLan(lab: Lab, args: string[], send: readonly string[]): Promise<TraceDocument> {
	const tracing = lab.start('host', [process.execPath, program, 'trace', ...args, '--from', 'lan', '--json', '--timeout', '2.5']);
	await tracing.until(async () => (await tracing.output()).includes('on the client run:'), 20_000);
	await lab.lan(send, {mayFail: true});
	while (tracing.ended === null) await new Promise(resolve => setTimeout(resolve, 20));
	const text = await tracing.output();
	return JSON.parse(text.slice(text.indexOf('\n') + 1));
}

export function curl(url: string): string[] {
	return ['curl', '-g', '-sS', '--max-time', '1.5', '-o', '/dev/null', url];
}

/** Each hop in a line, for messages. */
export function told(document: TraceDocument): string {
	const hops = document.hops.map(
		(hop, index) => `${index} ${hop.kind} ${hop.name} ${hop.verdict} seen ${hop.observed.seen} ${hop.cause ?? ''} ${hop.says}`,
	);
	return [
		`${document.verdict} at ${document.blockedAt}, ${document.observation}; explained ${JSON.stringify(document.explained)}`,
		...hops,
	].join('\n');
}

const codes: Record<string, number> = {delivered: 0, forwarded: 0, blocked: 1, undetermined: 3};
