import type {Family, Group, RoutingRule} from '../model/index.js';
import {type Fields, isOn, numberOf, parseRecords, requiredNumber, textOf} from './json.js';
import {readFamilies} from './program.js';
import {toCidr, toTos} from './routes.js';

/** The routing policy rules of a network namespace, both families (ip-rule(8)). */
export function readRoutingRules(enter: readonly string[]): Promise<Group<RoutingRule[]>> {
	return readFamilies(enter, family => ['ip', '-j', `-${family}`, 'rule'], parseRoutingRules);
}

/** What `ip -j -4|-6 rule` printed. Throws where that is no list of rules, or a rule selects by what the model cannot hold. */
export function parseRoutingRules(text: string, family: Family): RoutingRule[] {
	return parseRecords(text).map(fields => toRule(fields, family));
}

function toRule(fields: Fields, family: Family): RoutingRule {
	const priority = requiredNumber(fields, 'priority');
	const foreign = foreignSelectors.find(name => name in fields);
	if (foreign) throw new Error(`rule ${priority} selects by ${foreign}`);
	const fwmark = numberOf(fields, 'fwmark');
	return {
		family,
		priority,
		not: isOn(fields, 'not'),
		src: prefixOf(fields, 'src', family),
		dst: prefixOf(fields, 'dst', family),
		iif: textOf(fields, 'iif'),
		oif: textOf(fields, 'oif'),
		fwmark,
		fwmask: numberOf(fields, 'fwmask') ?? (fwmark === null ? 0 : 0xff_ff_ff_ff),
		tos: 'tos' in fields ? toTos(fields) : null,
		ipproto: textOf(fields, 'ipproto'),
		sport: rangeOf(fields, 'sport'),
		dport: rangeOf(fields, 'dport'),
		uidrange: rangeOf(fields, 'uid'),
		action: actionOf(fields),
		table: textOf(fields, 'table'),
		goto: numberOf(fields, 'goto'),
		suppressPrefixLength: numberOf(fields, 'suppress_prefixlen'),
		l3mdev: isOn(fields, 'l3mdev'),
	};
}

function prefixOf(fields: Fields, name: string, family: Family): string | null {
	const address = textOf(fields, name);
	if (address === null || address === 'all') return null;
	const length = numberOf(fields, `${name}len`);
	return toCidr(length === null ? address : `${address}/${length}`, family);
}

/** One value stands under the plain name ("dport"), a range under two ("dport_start", "dport_end"). */
function rangeOf(fields: Fields, name: string): [number, number] | null {
	const one = numberOf(fields, name);
	if (one !== null) return [one, one];
	const start = numberOf(fields, `${name}_start`);
	const end = numberOf(fields, `${name}_end`);
	return start === null || end === null ? null : [start, end];
}

function actionOf(fields: Fields): string {
	if ('goto' in fields) return 'goto';
	if ('nop' in fields) return 'nop';
	return textOf(fields, 'action') ?? 'lookup';
}

/** Selectors of newer kernels: a rule read without them would seem to take packets that it does not. */
const foreignSelectors = ['dscp', 'flowlabel', 'tun_id', 'sport_mask', 'dport_mask', 'suppress_ifgroup'];
