import {addressesOf, neighbourOf} from '../snapshot/netns.js';
import {isUsable} from './asking.js';
import type {Holder} from './segment.js';
import type {Walk} from './walker.js';
import type {Site} from './world.js';

/**
 * Whether the one who gets a packet had to ask for its sender before: who is asked learns the address of the one who asks, whatever it
 * remembered until then (RFC 826; RFC 4861 section 7.2.3). So an answer finds its way that a first packet would not.
 */
export function wasAsked(walk: Walk, sender: Site, dev: string, holder: Holder): boolean {
	if (walk.role === 'request') return false;
	const receiver = receiverOf(walk, sender, holder);
	if (!receiver?.site.facts.neighbours.read) return false;
	const own = ([4, 6] as const).flatMap(family => addressesOf(sender.facts, family, dev));
	return own.length > 0 && own.every(({address}) => !isUsable(neighbourOf(receiver.site.facts, receiver.dev, address)));
}

function receiverOf(walk: Walk, sender: Site, holder: Holder): {site: Site; dev: string} | null {
	if (holder.kind === 'container') return {site: holder.site, dev: holder.interface};
	const bridge = walk.world.networks.find(one => one.id === sender.container?.endpoints[0]?.networkId)?.bridge;
	return holder.kind === 'host' && bridge ? {site: walk.world.host, dev: bridge} : null;
}
