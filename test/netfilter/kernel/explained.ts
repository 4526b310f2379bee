import type {Hook} from '../../../source/model/index.js';
import type {Ruleset} from '../../../source/netfilter/ruleset.js';
import type {HookEnv, HookResult, WalkPacket} from '../../../source/netfilter/types.js';
import {runHook} from '../../../source/netfilter/walk.js';
import {hostWith, packet} from '../dump.js';
import type {Sent} from './generate.js';

/** What the walk says of one packet that is sent in the testbed, with the testbed's routes. */
export function explained(
	ruleset: Ruleset,
	sent: Sent,
): {rules: string[]; open: string[]; verdict: HookResult['verdict']; lines: string[]} {
	const rules: string[] = [];
	const open: string[] = [];
	const lines: string[] = [];
	let verdict: HookResult['verdict'] = 'accept';
	let now = start(sent);
	const go = (hook: Hook, changes: Partial<WalkPacket>) => {
		if (verdict !== 'accept') return;
		const result = runHook(ruleset, hook, {...now, ...changes}, env);
		verdict = result.verdict === 'reject' ? 'drop' : result.verdict;
		now = result.packet;
		for (const step of result.steps) {
			lines.push(
				`${hook} ${step.family} ${step.table} ${step.chain} ${step.rule} ${step.matched} ${step.verdict} | ${step.text} | ${step.why}`,
			);
			const name = `${step.family} ${step.table} ${step.chain} ${step.handle}`;
			if (step.rule !== null && step.matched !== false) (step.matched ? rules : open).push(name);
		}
		lines.push(`${hook}: ${result.verdict} ${result.unknown?.why ?? ''} ${now.src}:${now.sport} → ${now.dst}:${now.dport}`);
	};
	if (sent.from === 'host') {
		go('output', {iif: null, oif: outgoing(now.dst)});
		go('postrouting', {iif: null, oif: outgoing(now.dst)});
		if (outgoing(now.dst) === 'lo') {
			go('prerouting', {iif: 'lo', oif: null});
			go('input', {iif: 'lo', oif: null});
		}
	} else {
		go('prerouting', {iif: 'eth0', oif: null});
		if (outgoing(now.dst) === 'lo') go('input', {iif: 'eth0', oif: null});
		else {
			go('forward', {iif: 'eth0', oif: outgoing(now.dst), ttl: (now.ttl ?? 0) - 1});
			go('postrouting', {iif: 'eth0', oif: outgoing(now.dst)});
		}
	}
	return {rules, open, verdict, lines};
}

function start({from, proto, dst, dport, sport}: Sent): WalkPacket {
	const local = from === 'host';
	const src = !local ? '10.97.0.2' : outgoing(dst) === 'lo' ? dst : outgoing(dst) === 'eth0' ? '10.97.0.1' : '10.98.0.1';
	const sender = local ? {uid: 0, gid: 0, smac: null, dmac: null} : {};
	return packet({
		src,
		dst,
		dport,
		sport,
		proto,
		local,
		length: proto === 'tcp' ? 60 : 35,
		tcpFlags: proto === 'tcp' ? ['syn'] : [],
		...sender,
	});
}

function outgoing(dst: string): string {
	if (own.includes(dst) || dst.startsWith('127.')) return 'lo';
	return dst.startsWith('10.97.') ? 'eth0' : 'down0';
}

const own = ['10.97.0.1', '10.98.0.1'];

const env: HookEnv = {
	...hostWith(own),
	// lo has no address of a wider scope than its own: the first other one is taken (inet_select_addr).
	masqueradeAddress: ({oif}) => (oif === 'down0' ? '10.98.0.1' : '10.97.0.1'),
	redirectAddress: ({iif}, hook) => (hook === 'output' || iif === 'lo' ? '127.0.0.1' : '10.97.0.1'),
};
