import type {Hop, Step} from '../model/index.js';
import {droppingStep, inNamespace, type Stop} from './stop.js';

/** Lets this request pass just before the rule that stops it, in the words of the firewall that the rule belongs to. */
export function firewallRemedy(stop: Stop): string {
	const step = droppingStep(stop.hop);
	if (!step) return 'accept the request before the rule that drops it';
	const {dport, proto, dst} = stop.hop.packet;
	const port = dport === null || stop.lost === 'answer' ? null : `${dport}/${proto}`;
	if (port && stop.hop.of === null && /^(your )?ufw/.test(step.label ?? ''))
		return step.hook === 'forward' ? `ufw route allow proto ${proto} from any to ${dst} port ${dport}` : `ufw allow ${port}`;
	if (port && stop.hop.of === null && step.label === 'firewalld' && step.hook === 'input') return `firewall-cmd --add-port=${port}`;
	return step.backend === 'nft' ? nftCommand(stop, step) : iptablesCommand(stop, step);
}

function iptablesCommand(stop: Stop, {family, backend, table, chain, rule}: Step): string {
	const program = `${family === 'ip6' ? 'ip6tables' : 'iptables'}${backend === 'iptables-legacy' ? '-legacy' : ''}`;
	const place = rule === null ? ['-A', chain] : ['-I', chain, String(rule)];
	return inNamespace(stop, program, '-t', table, ...place, ...iptablesMatches(stop), '-j', 'ACCEPT');
}

function iptablesMatches({hop, lost}: Stop): string[] {
	const {packet} = hop;
	if (lost !== 'request') return ['-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED'];
	const port = packet.dport === null ? [] : ['--dport', String(packet.dport)];
	return [...linkMatches(hop, '-i', '-o'), '-d', packet.dst, '-p', packet.proto, ...port];
}

function nftCommand(stop: Stop, {family, table, chain, handle, rule}: Step): string {
	const place = rule === null ? ['add', 'rule', family, table, chain] : ['insert', 'rule', family, table, chain];
	const at = rule !== null && handle !== null ? ['handle', String(handle)] : [];
	return inNamespace(stop, 'nft', ...place, ...at, ...nftMatches(stop), 'accept');
}

function nftMatches({hop, lost}: Stop): string[] {
	const {packet} = hop;
	if (lost !== 'request') return ['ct', 'state', 'established,related'];
	const port = packet.dport === null ? ['meta', 'l4proto', packet.proto] : [packet.proto, 'dport', String(packet.dport)];
	return [...linkMatches(hop, 'iifname', 'oifname'), packet.dst.includes(':') ? 'ip6' : 'ip', 'daddr', packet.dst, ...port];
}

/** Only the link by which it came in is held fast, and where it was made here the one by which it leaves. */
function linkMatches({packet}: Hop, iif: string, oif: string): string[] {
	if (packet.iif !== null) return [iif, packet.iif];
	return packet.oif === null ? [] : [oif, packet.oif];
}
