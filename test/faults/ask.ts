import {appendFile} from 'node:fs/promises';
import {join} from 'node:path';
import {inject} from 'vitest';
import type {Lab} from '../lab/lab.ts';

export interface Finding {
	id: string;
	severity: string;
	hop: number | null;
	summary: string;
	remedy: string;
	at: {kind: string} | null;
}

export interface Doctor {
	findings: Finding[];
	notChecked: object[];
}

export interface Flow {
	verdict: string;
	blockedAt: number | null;
	lost: string | null;
	hops: {kind: string; verdict: string; cause: string | null; says: string}[];
	reply: {blockedAt: number | null; hops: {kind: string}[]} | null;
	findings: Finding[];
}

export async function doctor(lab: Lab, args: string[] = []): Promise<Doctor> {
	return JSON.parse((await lab.dockhop('doctor', ...args, '--json')).stdout);
}

export async function flow(lab: Lab, args: string[]): Promise<Flow> {
	return JSON.parse((await lab.dockhop('flow', ...args, '--json')).stdout);
}

/** A path in words, for the message of an assertion. */
export function why({verdict, hops, findings}: Flow): string {
	const way = hops.map((hop, index) => `${index + 1} ${hop.kind} ${hop.verdict} ${hop.cause ?? ''} ${hop.says}`);
	const found = findings.map(({id, severity, hop, summary, remedy}) => `${severity} ${id} at ${hop}: ${summary} → ${remedy}`);
	return [verdict, ...way, ...found].join('\n');
}

/** A remedy that can be run as it stands: a command without a place to fill in. */
export function isCommand(remedy: string): boolean {
	const programs =
		/^(docker (restart|start|stop|unpause|network) |(ip|ip6tables|iptables|iptables-legacy|nft|sysctl|bridge|nsenter|kill) )/;
	return programs.test(remedy) && !/…|\b(NETWORK|GATEWAY|ADDRESS|RANGE|CONTAINER|PID)\b/.test(remedy);
}

/** One line for the table that is printed when all files are done (table.ts); the last one about a fault counts. */
export async function note(engine: string, fault: string, finding: string, result: string): Promise<void> {
	await appendFile(join(inject('faultResults'), 'results'), `${JSON.stringify({engine, fault, finding, result})}\n`);
}
