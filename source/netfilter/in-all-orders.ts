import type {WalkStep} from './types.js';

/**
 * The steps of the same chains in each of the orders that may be the kernel's, as one list: certain is what is the same in all of them.
 */
export function inAllOrders(orders: readonly WalkStep[][]): WalkStep[] {
	const found = new Map<string, WalkStep[]>();
	for (const steps of orders) for (const step of steps) found.set(keyOf(step), [...(found.get(keyOf(step)) ?? []), step]);
	return [...found.values()].flatMap(list => {
		const telling = list.find(({matched}) => matched !== false) ?? list[0];
		if (!telling) return [];
		const isMissing = list.length < orders.length && telling.matched !== false;
		const differs = list.some(step => outcome(step) !== outcome(telling));
		return [
			isMissing || differs ? {...telling, matched: null, why: 'depends on which of the chains of equal priority comes first'} : telling,
		];
	});
}

function keyOf({family, backend, table, chain, rule}: WalkStep): string {
	return JSON.stringify([family, backend, table, chain, rule]);
}

function outcome({matched, verdict, to, rewrite}: WalkStep): string {
	return JSON.stringify([matched, verdict, to, rewrite]);
}
