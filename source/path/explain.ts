import {familyOf} from '../address/ip.js';
import type {FlowRequest, Needs, Path, Snapshot} from '../model/index.js';
import {exchange} from './exchange.js';
import type {Explanation, Usage} from './explanation.js';
import {probePlan} from './probe-plan.js';
import {type Asked, questionsOf} from './questions.js';
import {type World, worldOf} from './world.js';

/**
 * Explains one request on one snapshot: its path hop by hop with a verdict, what a probe of it would launch, and what is still to be
 * read for a full answer. A request that cannot be asked as written gives `usage` (one line).
 */
export function explain(snapshot: Snapshot, request: FlowRequest, timeoutSeconds = 5): Explanation | Usage {
	const world = worldOf(snapshot);
	const asked = questionsOf(world, request);
	if ('usage' in asked) return asked;
	const walked = asked.map(one => ({one, path: exchange(world, one.question, one.goal, one.from, one.to)}));
	const best =
		walked.filter(({one}) => isTried(one, asked)).find(({path}) => path.verdict === 'delivered' || path.verdict === 'forwarded') ??
		walked[0];
	if (!best) return {usage: 'nothing to ask: the target has no address in that family from there'};
	const path: Path = {...best.path, alternatives: walked.filter(other => other !== best).map(other => other.path)};
	return {path, probe: probePlan(world, request, best.one, path, timeoutSeconds), needs: needsOf(world, asked)};
}

/**
 * Whether a client goes on to this address where the first one does not answer: to every address of a name; of published ports to
 * those of the same family, since 127.0.0.1 (or the NIC's IPv4 address) is what people ask for.
 */
function isTried(one: Asked, asked: Asked[]): boolean {
	const [dst, first] = [one.question.dst, asked[0]?.question.dst];
	return one.question.name !== null || !dst || !first || familyOf(dst) === familyOf(first);
}

/** Namespaces and names that the walk asked for and did not find in the snapshot. */
function needsOf(world: World, asked: Asked[]): Needs {
	const names = asked.flatMap(({question}) => {
		if (!question.name?.ask) return [];
		const site = question.start.kind === 'lan' ? world.host : question.start.site;
		return [{from: site.key === 'host' ? null : site.key, name: question.name.name}];
	});
	const {sockets} = world.host.facts;
	return {containers: [...world.missing], names, hostSockets: !sockets.read && sockets.gap.id === 'not-read'};
}
