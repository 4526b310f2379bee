import {clean} from '../../text/clean.js';
import {noFixedAnswer, notUnderstood} from '../condition.js';
import type {Frame} from '../frame.js';
import type {Action, Doubt, Effect, Instruction} from '../model.js';
import {proxyMayTake} from '../socket-asked.js';
import {touching} from '../touched.js';
import {comparison} from './comparison.js';
import {isLimited, type NftContext, setOf} from './context.js';
import {none, unknown} from './expression.js';
import {expression} from './expressions.js';
import {asObject, asString, type Json, onlyKey} from './json.js';
import {mangle} from './mangle.js';
import {natStatement} from './translations.js';
import {rightWords, verdictWords} from './words.js';
import {harmless, targetOpaque} from './xt.js';

/** One statement of a rule as an instruction (libnftables-json(5), STATEMENTS). One that is not known may do anything. */
export function statement(json: Json, context: NftContext): Instruction {
	const [kind, value] = onlyKey(json) ?? [typeof json === 'string' ? json : '', null];
	const build = statements[kind];
	if (build) return build(value, context, kind);
	const words = kind === '' ? JSON.stringify(json).slice(0, 80) : kind;
	return action(words, {
		kind: 'unknown',
		doubt: {id: 'rule-not-understood', why: `${words}: statement not understood`, tell: 'a trace of a real request'},
	});
}

type Build = (value: Json, context: NftContext, kind: string) => Instruction;

const goesOn: Build = (value, _context, kind) => action([kind, ...plainWords(value)].join(' '), {kind: 'next'});
const verdict =
	(effect: Effect): Build =>
	(_value, _context, kind) =>
		action(kind, effect);

const statements: Record<string, Build> = {
	match: comparison,
	accept: verdict({kind: 'verdict', verdict: 'accept'}),
	drop: verdict({kind: 'verdict', verdict: 'drop'}),
	continue: verdict({kind: 'next'}),
	return: verdict({kind: 'return'}),
	jump: (value, _context, kind) => callTo(value, 'jump', kind),
	goto: (value, _context, kind) => callTo(value, 'goto', kind),
	vmap: verdictMap,
	reject: rejection,
	queue: (_value, _context, kind) => action(kind, {kind: 'verdict', verdict: 'queue'}),
	fwd: (_value, _context, kind) => action(kind, {kind: 'verdict', verdict: 'stolen'}),
	notrack: (_value, _context, kind) => ({
		kind: 'action',
		words: kind,
		act: ({packet}) => (packet.ctState === null ? {kind: 'next', packet: {...packet, ctState: 'untracked'}} : {kind: 'next'}),
	}),
	mangle,
	dnat: natStatement,
	snat: natStatement,
	masquerade: natStatement,
	redirect: natStatement,
	set: addition,
	map: addition,
	tproxy: (value, _context, kind) => {
		const words = [kind, ...plainWords(value)].join(' ');
		const {addr, port, family} = asObject(value) ?? {};
		const doubt: Doubt = {id: 'no-fixed-answer', why: `${words}: handed to a transparent proxy`, tell: 'ss -tlnp'};
		const wanted = family === 'ip' ? 4 : family === 'ip6' ? 6 : null;
		// Without a transparent socket there the kernel leaves the rule (nft_tproxy.c).
		const act = (frame: Frame): Effect =>
			(wanted !== null && wanted !== frame.packet.family) || !proxyMayTake(frame, asString(addr), typeof port === 'number' ? port : null)
				? {kind: 'mismatch', why: 'no transparent proxy is there to take it'}
				: {kind: 'unknown', doubt};
		return {kind: 'action', words, act};
	},
	synproxy: (_value, _context, kind) =>
		action(kind, {
			kind: 'unknown',
			doubt: {id: 'no-fixed-answer', why: 'synproxy: the firewall answers the handshake itself', tell: 'a trace of a real request'},
		}),
	limit: (value, _context, kind) => noFixedAnswer([kind, ...plainWords(value)].join(' '), 'matches only so often'),
	quota: (value, _context, kind) => noFixedAnswer([kind, ...plainWords(value)].join(' '), 'matches until a quota is used up'),
	'ct count': (value, _context, kind) => noFixedAnswer([kind, ...plainWords(value)].join(' '), 'depends on the connections of the moment'),
	counter: (_value, _context, kind) => action(kind, {kind: 'next'}),
	log: (value, _context, kind) => {
		const {prefix, group, level} = asObject(value) ?? {};
		const words = [
			typeof prefix === 'string' ? `prefix "${prefix}"` : '',
			group === undefined ? '' : `group ${asString(group)}`,
			level === undefined ? '' : `level ${asString(level)}`,
		];
		return action([kind, ...words].filter(word => word !== '').join(' '), {kind: 'next'});
	},
	last: verdict({kind: 'next'}),
	flow: goesOn,
	dup: goesOn,
	secmark: goesOn,
	'ct helper': goesOn,
	'ct timeout': goesOn,
	'ct expectation': goesOn,
	xt: value => {
		const name = asString(asObject(value)?.name) ?? '';
		// Older versions of nft do not even say whether it is a match or a target.
		if (!asObject(value)) return targetOpaque('of unknown name');
		if (asObject(value)?.type !== 'target')
			return name === 'comment' ? action('', {kind: 'next'}) : notUnderstood(`xt match ${name}`, 'nft does not print what it asks');
		return harmless.has(name) ? action(`xt target ${name}`, {kind: 'next'}) : targetOpaque(name);
	},
};

function action(words: string, effect: Effect): Action {
	return {kind: 'action', words, act: () => effect};
}

function callTo(value: Json, how: 'jump' | 'goto', kind: string): Instruction {
	const to = clean(asString(asObject(value)?.target) ?? '');
	return action(`${kind} ${to}`, {kind: 'call', how, to});
}

/** `KEY vmap { A : verdict, … }`: the verdict of the element, or nothing where there is none. */
function verdictMap(value: Json, context: NftContext): Instruction {
	const {key = null, data = null} = asObject(value) ?? {};
	const side = expression(key, context);
	const words = `${side.words} vmap ${rightWords(data, side.types)}`;
	const map = setOf(data, side.types, context);
	const doubt: Doubt = map ? side.doubt : {id: 'rule-not-understood', why: `${words}: the map is not known`, tell: 'nft list ruleset'};
	if (!map) return action(words, {kind: 'unknown', doubt});
	const effects = (map.data ?? []).map(verdictOf);
	return {
		kind: 'action',
		words,
		act(frame) {
			const read = side.read(frame);
			if (read === none) return {kind: 'mismatch', why: 'it has no such thing'};
			const index = read === unknown ? null : map.find(read, frame);
			if (index === null) return {kind: 'either', effects: [{kind: 'mismatch'}, ...effects], doubt};
			return effects[index] ?? {kind: 'mismatch', why: read === unknown ? 'not known' : side.says(read, frame)};
		},
	};
}

function verdictOf(json: Json): Effect {
	const [kind, value] = onlyKey(json) ?? ['', null];
	if (kind === 'accept' || kind === 'drop') return {kind: 'verdict', verdict: kind};
	if (kind === 'return') return {kind: 'return'};
	if (kind === 'continue') return {kind: 'next'};
	if (kind === 'jump' || kind === 'goto') return {kind: 'call', how: kind, to: clean(asString(asObject(value)?.target) ?? '')};
	return {
		kind: 'unknown',
		doubt: {id: 'rule-not-understood', why: `${verdictWords(json) ?? 'a verdict'}: not understood`, tell: 'nft list ruleset'},
	};
}

/** What the client gets, in the words of iptables' REJECT. */
function rejection(value: Json): Instruction {
	const object = asObject(value);
	const type = asString(object?.type) ?? '';
	const code = asString(object?.expr) ?? 'port-unreachable';
	const words = object ? `reject with ${type}${type === 'tcp reset' ? '' : ` type ${code}`}` : 'reject';
	return {
		kind: 'action',
		words,
		act(frame) {
			const {family} = frame.packet;
			// An ICMP error of one family alone: nft leaves out that the rule asks for that family first.
			if ((type === 'icmpv6' && family === 4) || (type === 'icmp' && family === 6)) return {kind: 'mismatch', why: `is IPv${family}`};
			// Nor that it asks for TCP.
			if (type === 'tcp reset' && frame.protocol !== 6) return {kind: 'mismatch', why: `is ${frame.packet.proto}`};
			const reject = type === 'tcp reset' ? 'tcp-reset' : `${family === 6 ? 'icmp6' : 'icmp'}-${code}`;
			return {kind: 'verdict', verdict: 'reject', reject};
		},
	};
}

/** `add @set { … }`; a limit inside it stands before what follows in the rule. A packet without the element's fields leaves the rule. */
function addition(value: Json, context: NftContext): Instruction {
	const object = asObject(value);
	const name = (asString(object?.set) ?? asString(object?.map) ?? '').replace(/^@/, '');
	const key = object?.elem ?? null;
	const element = expression(asObject(asObject(key)?.elem)?.val ?? key, context);
	const words = `${asString(object?.op) ?? 'add'} @${name} { ${element.words} }`;
	const limited = isLimited(object?.stmt ?? null) || (context.sets.get(name)?.limited ?? false);
	const doubt: Doubt = {id: 'no-fixed-answer', why: `${words}: matches only so often`, tell: 'a trace of a real request'};
	return {
		kind: 'action',
		words,
		act(frame) {
			if (element.read(frame) === none) return {kind: 'mismatch', why: `${words}: it has no such thing`};
			const next: Effect = {kind: 'next', packet: touching(frame.packet, `${context.family} ${context.table} ${name}`)};
			return limited ? {kind: 'either', effects: [next, {kind: 'mismatch'}], doubt} : next;
		},
	};
}

function plainWords(value: Json): string[] {
	const object = asObject(value);
	return object
		? Object.entries(object).flatMap(([key, item]) => (typeof item === 'object' ? [] : [key, String(item)]))
		: typeof value === 'string'
			? [value]
			: [];
}
