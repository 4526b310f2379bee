import type {Action, Effect} from '../model.js';
import {undecided} from '../nat.js';
import {proxyMayTake} from '../socket-asked.js';
import {askConntrack} from '../template.js';
import {touching} from '../touched.js';
import type {Zone} from '../types.js';
import type {XtContext} from './context.js';
import {connmarkTarget, markTarget} from './marks.js';
import {type Option, optionWords, type RuleWords} from './tokens.js';
import {natTarget} from './translations.js';

/** What a rule does where it matches: a chain of the same table, one of the four built-in verdicts, or an extension. */
export function targetAction(rule: RuleWords, context: XtContext): Action | null {
	const {target} = rule;
	if (!target) return null;
	const words = targetWords(target);
	if (context.chains.has(target.name)) return action(words, {kind: 'call', how: target.goTo ? 'goto' : 'jump', to: target.name});
	const fixed = verdicts[target.name];
	if (fixed) return action(words, fixed);
	if (harmless.has(target.name)) return action(words, {kind: 'next'});
	const extension = extensions[target.name];
	if (extension) return {kind: 'action', words, act: extension(target.options, words, context)};
	return action(words, {
		kind: 'unknown',
		doubt: {id: 'rule-not-understood', why: `${words}: target not understood`, tell: 'a trace of a real request'},
	});
}

export function targetWords(target: NonNullable<RuleWords['target']>): string {
	return [`${target.goTo ? '-g' : '-j'} ${target.name}`, ...target.options.map(optionWords)].join(' ');
}

function action(words: string, effect: Effect): Action {
	return {kind: 'action', words, act: () => effect};
}

const verdicts: Record<string, Effect> = {
	ACCEPT: {kind: 'verdict', verdict: 'accept'},
	DROP: {kind: 'verdict', verdict: 'drop'},
	RETURN: {kind: 'return'},
};

type Extension = (options: Option[], words: string, context: XtContext) => Action['act'];

const extensions: Record<string, Extension> = {
	REJECT: (options, _words, {family}) => {
		const how = given(options, '--reject-with') ?? (family === 'ip6' ? 'icmp6-port-unreachable' : 'icmp-port-unreachable');
		return () => ({kind: 'verdict', verdict: 'reject', reject: how});
	},
	QUEUE: () => () => ({kind: 'verdict', verdict: 'queue'}),
	NFQUEUE: () => () => ({kind: 'verdict', verdict: 'queue'}),
	MARK: markTarget,
	CONNMARK: connmarkTarget,
	DNAT: natTarget('DNAT'),
	SNAT: natTarget('SNAT'),
	MASQUERADE: natTarget('MASQUERADE'),
	REDIRECT: natTarget('REDIRECT'),
	NETMAP: natTarget('NETMAP'),
	NOTRACK: () => untracked,
	CT: (options, words) => {
		if (options.some(option => option.name === '--notrack')) return untracked;
		const zone = zoneOf(options);
		return zone === null ? () => notUnderstood(words) : ({packet}) => askConntrack(packet, zone);
	},
	TTL: hopLimit('--ttl-'),
	HL: hopLimit('--hl-'),
	DSCP: options => {
		const value = Number(given(options, '--set-dscp'));
		return frame => ({kind: 'next', packet: {...frame.packet, dscp: value}});
	},
	TOS: options => {
		const [value = 0, mask = 255] = (given(options, '--set-tos') ?? '').split('/').map(Number);
		return ({packet}) => ({kind: 'next', packet: {...packet, dscp: ((((packet.dscp << 2) & ~mask) ^ value) & 255) >> 2}});
	},
	SET: options => {
		const touches = options.find(option => option.name === '--add-set' || option.name === '--del-set')?.values[0];
		return ({packet}) => (touches === undefined ? {kind: 'next'} : {kind: 'next', packet: touching(packet, `ipset ${touches}`)});
	},
	// Without a transparent socket there, the packet is dropped (xt_TPROXY.c).
	TPROXY: (options, words) => {
		const [port, address] = [Number(given(options, '--on-port') ?? 0), given(options, '--on-ip') ?? null];
		const any = address === null || /^(0\.0\.0\.0|::)$/.test(address);
		return frame =>
			proxyMayTake(frame, any ? null : address, port || null)
				? undecided(words, `handed to a transparent proxy on port ${port || 'of the packet'}`)
				: {kind: 'verdict', verdict: 'drop'};
	},
	SYNPROXY: (_options, words) => () => undecided(words, 'the firewall answers the handshake itself'),
};

function given(options: Option[], name: string): string | undefined {
	return options.find(option => option.name === name)?.values[0];
}

/** undefined: none is given; null: not understood. A zone that is the packet's mark is printed as a word. */
function zoneOf(options: Option[]): Zone | null | undefined {
	const option = options.find(({name}) => name.startsWith('--zone'));
	if (!option) return undefined;
	const of = ({'--zone': 'both', '--zone-orig': 'original'} as const)[option.name];
	const [value = ''] = option.values;
	if (of && value === 'mark') return {id: 0, of, byMark: true};
	return of && /^\d+$/.test(value) ? {id: Number(value), of} : null;
}

function notUnderstood(words: string): Effect {
	return {kind: 'unknown', doubt: {id: 'rule-not-understood', why: `${words}: not understood`, tell: 'a trace of a real request'}};
}

/** A packet that conntrack has seen already is left alone (xt_CT.c, xt_ct_target). */
const untracked: Action['act'] = ({packet}) =>
	packet.ctState === null ? {kind: 'next', packet: {...packet, ctState: 'untracked'}} : {kind: 'next'};

function hopLimit(prefix: string): Extension {
	return options => {
		const option = options.find(({name}) => name.startsWith(prefix));
		const value = Number(option?.values[0]);
		const how = option?.name.slice(prefix.length);
		return ({packet}) => {
			if (packet.ttl === null && how !== 'set') return {kind: 'next'};
			const old = packet.ttl ?? 0;
			const ttl = how === 'set' ? value : how === 'inc' ? Math.min(255, old + value) : Math.max(0, old - value);
			return {kind: 'next', packet: {...packet, ttl}};
		};
	};
}

/** Targets after which the packet goes on as it was, as far as its way is concerned. */
const harmless = new Set([
	'LOG',
	'NFLOG',
	'ULOG',
	'TRACE',
	'TCPMSS',
	'TCPOPTSTRIP',
	'CHECKSUM',
	'CLASSIFY',
	'TEE',
	'AUDIT',
	'SECMARK',
	'CONNSECMARK',
	'RATEEST',
	'LED',
	'IDLETIMER',
	'ECN',
]);
