import type {Gap, Hop} from '../model/index.js';
import {legacyRules} from './legacy.js';
import type {Observed, ObservedPacket, ObservedRule} from './proof.js';
import type {Scene} from './scene.js';
import type {Sight} from './sight.js';

/** What was seen at one hop, as it is shown: raw, with the time since the request's first packet. */
export function observedOf(scene: Scene, hop: Hop, sight: Sight): Observed {
	const place = scene.placeOf(hop);
	const since = (us: number) => us - (scene.began ?? us);
	const packets: (ObservedPacket & {us: number})[] = [
		...sight.packets.map(({interface: link, direction, us, src, dst, sport, dport, flags}) => ({
			interface: link,
			direction,
			us: since(us),
			src,
			dst,
			sport,
			dport,
			what: flags.join(' '),
		})),
		...sight.questions.map(({interface: link, direction, us, address}) => ({
			interface: link,
			direction,
			us: since(us),
			src: '',
			dst: address,
			sport: null,
			dport: null,
			what: 'question',
		})),
	];
	return {
		seen: sight.seen,
		gap: sight.seen === null ? gapOf(scene, hop, place) : null,
		certainty: scene.joined.get(hop.connection) === 'time' ? 'inferred' : 'observed',
		before: hop.kind === 'netfilter' ? (sight.passes.find(({layer, edge}) => layer === 'ip' && edge === 'first')?.packet ?? null) : null,
		after: sight.after,
		rules: sight.seen === true ? [...rulesOf(hop, sight), ...legacyRules(hop, place, scene.trace.counters)] : rulesOf(hop, sight),
		packets: packets.sort((a, b) => a.us - b.us),
		conntrack:
			hop.kind === 'netfilter'
				? scene.connections(place, hop.connection).map(({place: _, us, ...event}) => ({...event, us: since(us)}))
				: [],
	};
}

/** Of the first packet: one that is sent again may meet others, for conntrack knows it then. */
function rulesOf(hop: Hop, {passes}: Sight): ObservedRule[] {
	const layer = passes.filter(pass => pass.layer === 'ip');
	const again = layer.findIndex((pass, index) => index > 0 && pass.edge === 'first');
	const once = (again === -1 ? layer : layer.slice(0, again)).flatMap(pass => pass.rules);
	return once.map(rule => {
		const step = hop.steps.find(
			one => one.handle !== null && one.handle === rule.handle && keyOf({...one, handle: one.handle}) === keyOf(rule),
		);
		return {...rule, rule: step?.rule ?? null, text: step?.text ?? rule.text, explained: step?.matched ?? null};
	});
}

function keyOf({family, table, chain, handle}: {family: string; table: string; chain: string; handle: number | null}): string {
	return `${family} ${table} ${chain} ${handle}`;
}

function gapOf(scene: Scene, hop: Hop, place: string): Gap | null {
	if (scene.joined.get(hop.connection) === 'several')
		return {id: 'out-of-sight', why: 'docker-proxy opened several connections at that time: which is ours cannot be told', tell: ''};
	const sight = scene.sightOf(place);
	if (scene.joined.get(hop.connection) === 'unseen') return scene.sightOf('host')?.packets ?? tooMany;
	if (!sight) return null;
	if (hop.kind !== 'netfilter' && hop.kind !== 'route' && hop.kind !== 'port') return sight.packets;
	return sight.rules ?? (scene.isTraced(place, hop.connection, 'request') ? null : tooMany);
}

/** Why a rule's hop was not seen where others left no room for it. */
export const tooMany: Gap = {
	id: 'read-failed',
	why: 'too many other requests go to the same place: not every packet could be traced through the rules',
	tell: 'trace again',
};
