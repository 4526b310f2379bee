import {commonPrefix, isWithin} from '../address/ip.js';
import {parseAddress} from '../address/value.js';
import type {Address, NetnsFacts, Route} from '../model/index.js';
import {addressesOf} from '../snapshot/netns.js';

/**
 * The source address that the kernel gives a packet which has none: the route's own (prefsrc), else one of the link that it
 * leaves by (IPv4: inet_select_addr; IPv6: RFC 6724 section 5). null where the namespace has none.
 */
export function sourceAddress(facts: NetnsFacts, route: Route | null, oif: string, towards: string): string | null {
	if (route?.src) return route.src;
	return towards.includes(':') ? ipv6Source(facts, oif, towards) : ipv4Source(facts, oif, towards);
}

/** inet_select_addr: the primary address in whose prefix `towards` lies, else the link's first, else another link's first. */
export function ipv4Source(facts: NetnsFacts, link: string, towards: string): string | null {
	const usable = addressesOf(facts, 4, link).filter(one => one.scope !== 'host' && !one.flags.includes('secondary'));
	const near = usable.find(one => isWithin(towards, `${one.address}/${one.prefix}`));
	if (near ?? usable[0]) return (near ?? usable[0])?.address ?? null;
	return addressesOf(facts, 4).find(one => one.scope === 'global' || one.scope === 'universe')?.address ?? null;
}

function ipv6Source(facts: NetnsFacts, link: string, towards: string): string | null {
	const target = parseAddress(towards);
	const usable = addressesOf(facts, 6).filter(one => !one.flags.some(flag => flag === 'tentative' || flag === 'dadfailed'));
	const scope = scopeOf(towards);
	const rank = (one: Address) => {
		const ip = parseAddress(one.address);
		return [
			Number(one.address === towards),
			Number(scopeOf(one.address) === scope),
			Number(!one.flags.includes('deprecated')),
			Number(one.link === link),
			ip !== null && target !== null ? commonPrefix(ip, target) : 0,
		];
	};
	return usable.filter(one => one.link === link || scope !== 'link').sort((a, b) => compare(rank(b), rank(a)))[0]?.address ?? null;
}

function scopeOf(address: string): 'host' | 'link' | 'global' {
	if (isWithin(address, '::1/128')) return 'host';
	return isWithin(address, 'fe80::/10') ? 'link' : 'global';
}

function compare(a: number[], b: number[]): number {
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
	return 0;
}
