import type {Bed} from './bed.js';
import {Choices} from './choices.js';
import {type Compare, compare, type Totals} from './compare.js';
import {iptablesRules} from './iptables-rules.js';
import {load} from './namespaces.js';
import {nftRules} from './nft-rules.js';
import {packets} from './packets.js';
import {routing} from './routing.js';
import {containers, type PlaceName} from './topology.js';
import {trial} from './trial.js';
import {noWords, type Words, zoned} from './words.js';

/** What rules have beside the usual: conditions and verdicts, of native nft and of iptables. */
export interface Extra {
	nft: Words;
	xt: Words;
}

const none: Extra = {nft: noWords, xt: noWords};

function merge(a: Words, b: Words): Words {
	return {...a, ...b, matches: [...a.matches, ...b.matches], verdicts: [...a.verdicts, ...b.verdicts]};
}

/** One seed: random rules on the host and in some containers, random routes and switches, and requests through all of it. */
export async function round(bed: Bed, seed: number, totals: Totals, extra: Extra = none, hold: Compare = compare): Promise<void> {
	const choices = new Choices(seed);
	await bed.clear();
	const ruled: PlaceName[] = ['host', ...(Object.keys(containers) as PlaceName[]).filter(() => choices.chance(4))];
	const made = routing(choices);
	await bed.route(made);
	const loaded: string[] = [JSON.stringify(made)];
	const words = choices.chance(4) ? {nft: merge(extra.nft, zoned.nft), xt: merge(extra.xt, zoned.xt)} : extra;
	for (const place of ruled) loaded.push(`--- ${place}`, await loadRules(bed, place, choices, words));
	const about = [`seed ${seed}`, ...(process.env.DOCKHOP_SHOW_RULES ? loaded : [])].join('\n');
	await trial(bed, ruled, packets(choices, 12, 20_000 + (seed % 1000) * 12), totals, about, hold);
}

async function loadRules(bed: Bed, place: PlaceName, choices: Choices, extra: Extra): Promise<string> {
	const kind = place === 'host' ? 'host' : 'container';
	const texts = [];
	if (choices.below(5) > 0) texts.push(await load([...bed.enter[place], 'nft', '-f', '-'], nftRules(choices, kind, extra.nft)));
	for (const family of [4, 6] as const) {
		const program = family === 4 ? 'iptables-nft-restore' : 'ip6tables-nft-restore';
		if (choices.below(3) > 0) texts.push(await load([...bed.enter[place], program], iptablesRules(choices, family, extra.xt)));
	}
	return texts.join('\n');
}
