import type {Hook} from '../model/index.js';
import {clean} from '../text/clean.js';
import {notUnderstood} from './condition.js';
import type {Base, Chain, Instruction, Rule, Table} from './model.js';
import type {XtContext} from './xt/context.js';
import {matchesOf} from './xt/matches.js';
import {targetAction} from './xt/targets.js';
import {ruleWords} from './xt/tokens.js';

/** What the sets and the kind of a dump add to its text. */
export type SaveContext = Pick<XtContext, 'family' | 'backend' | 'ipsets' | 'ipsetGap'>;

/**
 * The tables of one dump of iptables-save, with or without counters (-c). `incompatible` names tables that iptables cannot print,
 * because nft has put rules of its own into them. Throws where the dump is cut off, or is none: the message says where.
 */
export function parseIptablesSave(text: string, context: SaveContext): {tables: Table[]; incompatible: string[]} {
	const tables: Table[] = [];
	const incompatible: string[] = [];
	let table: Table | null = null;
	let lines: {line: string; number: number}[] = [];
	for (const [index, line] of text.split('\n').entries()) {
		const number = index + 1;
		if (line.startsWith('#') || line.trim() === '') {
			const name = /^# Table `(.+)' is incompatible/.exec(line)?.[1];
			if (name !== undefined) incompatible.push(name);
		} else if (line.startsWith('*') && !table) {
			table = {family: context.family, name: clean(line.slice(1).trim()), backend: context.backend, chains: new Map()};
			lines = [];
		} else if (line.trim() === 'COMMIT' && table) {
			addRules(table, lines, context);
			tables.push(table);
			table = null;
		} else if (line.startsWith(':') && table) {
			const chain = declaredChain(line, table, number);
			table.chains.set(chain.name, chain);
		} else if (table && /^(\[\d+:\d+\] )?-A /.test(line)) {
			lines.push({line, number});
		} else throw new Error(`line ${number} is not understood: ${clean(line, 60)}`);
	}
	if (table) throw new Error(`cut off in table ${table.name}: no COMMIT`);
	return {tables, incompatible};
}

function declaredChain(line: string, table: Table, number: number): Chain {
	const parts = /^:(\S+) (ACCEPT|DROP|-)(?: \[\d+:\d+\])?\s*$/.exec(line);
	if (!parts) throw new Error(`line ${number} is not understood: ${clean(line, 60)}`);
	const name = clean(parts[1] as string);
	const place = parts[2] === '-' ? null : basePlace(table.name, name);
	const base: Base | null = place && {...place, policy: parts[2] === 'DROP' ? 'drop' : 'accept', devices: null};
	return {name, table, base, rules: []};
}

function addRules(table: Table, lines: {line: string; number: number}[], context: SaveContext): void {
	const full: XtContext = {...context, table: table.name, chains: new Set(table.chains.keys())};
	for (const {line, number} of lines) {
		const parts = /^(?:\[(\d+):(\d+)\] )?(-A (\S+).*)$/.exec(line.trimEnd()) as RegExpExecArray;
		const chain = table.chains.get(clean(parts[4] as string));
		if (!chain) throw new Error(`line ${number} adds to the chain ${clean(parts[4] as string, 60)}, which is not declared`);
		const counters = parts[1] === undefined ? null : {packets: Number(parts[1]), bytes: Number(parts[2])};
		chain.rules.push(ruleOf(chain, parts[3] as string, counters, full));
	}
}

function ruleOf(chain: Chain, line: string, counters: Rule['counters'], context: XtContext): Rule {
	const text = clean(line, line.length);
	const rule = {chain, number: chain.rules.length + 1, handle: null, text, counters, comment: null as string | null};
	try {
		const words = ruleWords(text);
		const comments = words.groups.filter(group => group.module === 'comment').flatMap(group => group.options[0]?.values ?? []);
		rule.comment = comments.length > 0 ? comments.join(' ') : null;
		const matches = words.groups.flatMap(group => matchesOf(group, context));
		const target = targetAction(words, context);
		return {...rule, instructions: target ? [...matches, target] : matches};
	} catch (error) {
		return {...rule, instructions: oddRule(rule.text, (error as Error).message)};
	}
}

/** A line that could not be sorted may match, and may do anything. */
function oddRule(text: string, why: string): Instruction[] {
	const doubt = {id: 'rule-not-understood', why: `${text}: ${why}`, tell: 'a trace of a real request'} as const;
	return [notUnderstood(text, why), {kind: 'action', words: '', act: () => ({kind: 'unknown', doubt})}];
}

/** Where the built-in chains hook in (netfilter_ipv4.h, enum nf_ip_hook_priorities); null for a chain of another name. */
export function basePlace(table: string, chain: string): Pick<Base, 'hook' | 'type' | 'priority'> | null {
	const hook = hooks[chain];
	if (hook === undefined) return null;
	const priority = table === 'nat' ? (hook === 'prerouting' || hook === 'output' ? -100 : 100) : priorities[table];
	if (priority === undefined) return null;
	return {hook, priority, type: table === 'nat' ? 'nat' : table === 'mangle' && hook === 'output' ? 'route' : 'filter'};
}

const hooks: Record<string, Hook> = {
	PREROUTING: 'prerouting',
	INPUT: 'input',
	FORWARD: 'forward',
	OUTPUT: 'output',
	POSTROUTING: 'postrouting',
};
const priorities: Record<string, number> = {raw: -300, mangle: -150, filter: 0, security: 50};
