import type {Evidence, Step} from '../model/index.js';
import {observed} from './trail.js';

/** The command by which a person sees this rule and its counters. */
export function commandOf(step: Step): string {
	if (step.backend === 'nft') return `nft -a list chain ${step.family} ${step.table} ${step.chain}`;
	const program = `${step.family === 'ip6' ? 'ip6tables' : 'iptables'}${step.backend === 'iptables-legacy' ? '-legacy' : ''}`;
	return `${program} -t ${step.table} -nvL ${step.chain} --line-numbers`;
}

/** "nat DOCKER rule 2", "filter FORWARD policy". */
export function ruleName(step: Step): string {
	return `${step.table} ${step.chain} ${step.rule === null ? 'policy' : `rule ${step.rule}`}`;
}

/** A rule that was met, as a fact with the command that shows it. */
export function evidenceOf(step: Step): Evidence {
	const counters = step.counters ? `, ${step.counters.packets} packets so far` : '';
	const source = step.backend === 'nft' ? 'nft' : `${step.family === 'ip6' ? 'ip6tables' : 'iptables'}-save`;
	return observed(`${ruleName(step)}: ${step.text}${counters}`, source, commandOf(step));
}

/** Which rules stop the packet, in one clause: several where it may be any of them. */
export function stopSentence(steps: readonly Step[]): string {
	return [...new Set(steps.map(stopClause))].join(', or ');
}

function stopClause(step: Step): string {
	const name = `${ruleName(step)}${step.label ? ` (${step.label})` : ''}`;
	return step.verdict === 'reject' ? `rejected by ${name}${step.reject ? `: ${step.reject}` : ''}` : `dropped by ${name}`;
}

/** What a rule did that lets the packet go on, in one clause. */
export function sentence(step: Step): string {
	const label = step.label ? ` (${step.label})` : '';
	if (step.rewrite) return `rewritten by ${ruleName(step)}${label}`;
	return `${step.verdict === 'accept' || step.verdict === 'policy accept' ? 'accepted by' : 'passes'} ${ruleName(step)}${label}`;
}
