import {isLoopback, isWithin} from '../../address/ip.js';
import type {NetnsFacts} from '../../model/index.js';
import {isGap, routeTo} from '../../netfilter/fib.js';
import {addressesOf} from '../../snapshot/netns.js';

/**
 * The order in which a client tries the addresses of a name (RFC 6724 section 6, in the parts that decide here): reachable before
 * unreachable, then by precedence: ::1, global IPv6 where the client has such an address, IPv4, unique local IPv6.
 */
export function destinationOrder(facts: NetnsFacts, addresses: string[]): string[] {
	const rank = (address: string) => [Number(usable(facts, address)), precedence(address)];
	return [...addresses].sort((a, b) => {
		const [left, right] = [rank(a), rank(b)];
		return (right[0] ?? 0) - (left[0] ?? 0) || (right[1] ?? 0) - (left[1] ?? 0);
	});
}

function usable(facts: NetnsFacts, address: string): boolean {
	if (isLoopback(address)) return true;
	const answer = routeTo(facts, address);
	if (isGap(answer)) return true;
	if (answer.type !== 'unicast' && answer.type !== 'local') return false;
	return !address.includes(':') || addressesOf(facts, 6).some(one => one.scope === 'global');
}

function precedence(address: string): number {
	if (!address.includes(':')) return 35;
	if (isLoopback(address)) return 50;
	return isWithin(address, 'fc00::/7') ? 3 : 40;
}
