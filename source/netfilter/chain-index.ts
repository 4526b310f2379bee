import type {AddressValue} from '../address/value.js';
import type {Frame} from './frame.js';
import type {Chain, Rule} from './model.js';

/**
 * Index of the first rule from `from` on that may say something to the packet; the chain's length where none may. In a chain with a
 * rule per container nearly all ask for one destination address or port, and those for another one need not be looked at.
 */
export function nextRule(chain: Chain, from: number, frame: Frame): number {
	const end = chain.rules.length;
	const {dst, packet} = frame;
	// A value that is not known may be any.
	if (end < worthIt || dst === null || packet.dport === null) return from;
	const {others, byAddress, byPort} = indexOf(chain);
	return Math.min(firstFrom(others, from, end), firstFrom(byAddress.get(dst), from, end), firstFrom(byPort.get(packet.dport), from, end));
}

interface Index {
	rules: readonly Rule[];
	/** Ascending. */
	others: number[];
	byAddress: Map<AddressValue, number[]>;
	byPort: Map<number, number[]>;
}

function indexOf(chain: Chain): Index {
	const known = indexes.get(chain);
	if (known?.rules === chain.rules) return known;
	const index: Index = {rules: chain.rules, others: [], byAddress: new Map(), byPort: new Map()};
	for (const [position, rule] of chain.rules.entries()) {
		const address = exactly(rule, 'dst');
		const port = exactly(rule, 'dport');
		if (address !== undefined) append(index.byAddress, address, position);
		else if (typeof port === 'number') append(index.byPort, port, position);
		else index.others.push(position);
	}
	indexes.set(chain, index);
	return index;
}

const indexes = new WeakMap<Chain, Index>();
const worthIt = 16;

/** The one value that a rule asks for before it does anything; undefined where it does not. */
function exactly(rule: Rule, field: 'dst' | 'dport'): AddressValue | undefined {
	for (const instruction of rule.instructions) {
		if (instruction.kind !== 'match') return undefined;
		if (instruction.exactly?.field === field) return instruction.exactly.value;
	}
	return undefined;
}

function append<K>(map: Map<K, number[]>, key: K, position: number): void {
	const list = map.get(key);
	if (list) list.push(position);
	else map.set(key, [position]);
}

/** The first number of an ascending list that is at least `from`; `end` where there is none. */
function firstFrom(list: number[] | undefined, from: number, end: number): number {
	if (!list) return end;
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((list[middle] as number) < from) low = middle + 1;
		else high = middle;
	}
	return list[low] ?? end;
}
