import {expect} from 'vitest';
import type {Lab} from '../lab/lab.ts';

/** The parts of `flow --json` that these tests look at. */
export interface FlowDocument {
	verdict: string;
	blockedAt: number | null;
	lost: string | null;
	seenAs: {src: string; sport: number} | null;
	hops: HopDocument[];
	reply: {verdict: string; blockedAt: number | null; hops: HopDocument[]} | null;
	alternatives: FlowDocument[];
	assumptions: {id: string}[];
	probe?: {
		reached: boolean | null;
		agreement: boolean | null;
		errno: string | null;
		httpStatus: number | null;
		exitCode: number | null;
		error: string | null;
	};
}

export interface HopDocument {
	kind: string;
	where: string;
	of: string | null;
	name: string;
	names: string[];
	address: string | null;
	port: number | null;
	connection: number;
	packet: {src: string; dst: string; sport: number; dport: number; iif: string | null; oif: string | null};
	packetAfter: {src: string; dst: string; dport: number} | null;
	verdict: string;
	cause: string | null;
	unknown: {id: string; tell: string} | null;
	says: string;
}

/** Asks `dockhop flow`; its exit code has to fit its verdict. */
export async function flow(lab: Lab, ...args: string[]): Promise<FlowDocument> {
	const ran = await lab.dockhop('flow', ...args, '--json');
	const document: FlowDocument = JSON.parse(ran.stdout);
	const codes: Record<string, number> = {delivered: 0, forwarded: 0, blocked: 1, undetermined: 3};
	expect(ran.code, `exit code of ${document.verdict}`).toBe(codes[document.verdict]);
	return document;
}

/** Sends the same request for real, by dockhop itself. */
export async function probe(lab: Lab, ...args: string[]): Promise<FlowDocument & {probe: NonNullable<FlowDocument['probe']>}> {
	return JSON.parse((await lab.dockhop('probe', ...args, '--json', '--timeout', '2')).stdout);
}

/** "client nic netfilter route …" */
export function kinds(document: {hops: HopDocument[]}): string {
	return document.hops.map(hop => hop.kind).join(' ');
}

/** The hop that stops the request: kind and cause, as "port nothing-listens". */
export function stop(document: FlowDocument): string {
	const hop = document.blockedAt === null ? null : document.hops[document.blockedAt];
	return hop ? `${hop.kind} ${hop.cause}` : document.verdict;
}

/** Whether a client on the LAN gets any HTTP answer, with curl in the LAN's own namespace. */
export async function lanReaches(lab: Lab, url: string): Promise<boolean> {
	const ran = await lab.lan(['curl', '-g', '-sS', '--max-time', '2', '-o', '/dev/null', url], {mayFail: true});
	return ran.code === 0;
}

export function hopOf(document: {hops: HopDocument[]}, kind: string, of?: string | null): HopDocument {
	const hop = document.hops.find(one => one.kind === kind && (of === undefined || one.of === of));
	if (!hop) throw new Error(`no ${kind} hop on the path: ${kinds(document)}`);
	return hop;
}
