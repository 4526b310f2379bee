import type {Hop, Step} from '../model/index.js';
import {droppingStep, inNamespace, type Stop} from './stop.js';

/** Lets this request pass just before the rule that stops it, in the words of the firewall that the rule belongs to. */
export function firewallRemedy(stop: Stop): string {
	const step = droppingStep(stop.hop);
	if (!step) return 'accept the request before the rule that drops it';
	const {dport, proto, dst} = stop.hop.packet;
	const port = dport === null || isAnswer(stop) ? null : `${dport}/${proto}`;
	if (port && stop.hop.of === null && /^(your )?ufw/.test(step.label ?? ''))
		return step.hook === 'forward' ? `ufw route allow proto ${proto} from any to ${dst} port ${dport}` : `ufw allow ${port}`;
	if (port && stop.hop.of === null && step.label === 'firewalld' && step.hook === 'input') return `firewall-cmd --add-port=${port}`;
	return step.backend === 'nft' ? nftCommand(stop, step) : iptablesCommand(stop, step);
}

function iptablesCommand(stop: Stop, {family, backend, hook, table, chain, rule}: Step): string {
	const program = `${family === 'ip6' ? 'ip6tables' : 'iptables'}${backend === 'iptables-legacy' ? '-legacy' : ''}`;
	const place = rule === null ? ['-A', chain] : ['-I', chain, String(rule)];
	return inNamespace(stop, program, '-t', table, ...place, ...iptablesMatches(stop, hook), '-j', 'ACCEPT');
}

function iptablesMatches(stop: Stop, hook: Step['hook']): string[] {
	const {hop} = stop;
	const {packet} = hop;
	if (isAnswer(stop)) {
		const from = packet.sport === null ? [] : ['--sport', String(packet.sport)];
		return [...linkMatches(hop, hook, '-i', '-o'), '-s', packet.src, '-p', packet.proto, ...from];
	}
	const port = packet.dport === null ? [] : ['--dport', String(packet.dport)];
	return [...linkMatches(hop, hook, '-i', '-o'), '-d', packet.dst, '-p', packet.proto, ...port];
}

function nftCommand(stop: Stop, {family, hook, table, chain, handle, rule}: Step): string {
	const place = rule === null ? ['add', 'rule', family, table, chain] : ['insert', 'rule', family, table, chain];
	const at = rule !== null && handle !== null ? ['handle', String(handle)] : [];
	return inNamespace(stop, 'nft', ...place, ...at, ...nftMatches(stop, hook), 'accept');
}

function nftMatches(stop: Stop, hook: Step['hook']): string[] {
	const {hop} = stop;
	const {packet} = hop;
	const ip = packet.dst.includes(':') ? 'ip6' : 'ip';
	if (isAnswer(stop)) {
		const from = packet.sport === null ? ['meta', 'l4proto', packet.proto] : [packet.proto, 'sport', String(packet.sport)];
		return [...linkMatches(hop, hook, 'iifname', 'oifname'), ip, 'saddr', packet.src, ...from];
	}
	const port = packet.dport === null ? ['meta', 'l4proto', packet.proto] : [packet.proto, 'dport', String(packet.dport)];
	return [...linkMatches(hop, hook, 'iifname', 'oifname'), ip, 'daddr', packet.dst, ...port];
}

/** The hop is on the way back: its packet runs from the service to the client. (Connection tracking has not seen it in every table.) */
function isAnswer({hop, path, lost}: Stop): boolean {
	return lost === 'answer' && !path.hops.includes(hop);
}

/**
 * Only the link by which it came in is held fast, and where it was made here, or is on its way out, the one by which it leaves (iptables knows no -i in OUTPUT and
 * POSTROUTING).
 */
function linkMatches({packet}: Hop, hook: Step['hook'], iif: string, oif: string): string[] {
	const leaves = hook === 'output' || hook === 'postrouting' || hook === 'egress';
	if (packet.iif !== null && !(leaves && packet.oif !== null)) return [iif, packet.iif];
	return packet.oif === null ? [] : [oif, packet.oif];
}
