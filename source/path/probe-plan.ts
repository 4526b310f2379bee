import type {FlowRequest, Path, ProbePlan} from '../model/index.js';
import type {Asked} from './questions.js';
import {namespaceOwner, type World} from './world.js';

/** What a probe of this path launches, or why dockhop cannot. */
export function probePlan(
	world: World,
	request: FlowRequest,
	asked: Asked,
	path: Path,
	timeoutSeconds: number,
): ProbePlan | {whyNot: string} {
	const {start} = asked.question;
	if (start.kind === 'lan') return {whyNot: 'dockhop runs on this host and cannot send from a client on the LAN'};
	if (path.to.proto === 'sctp') return {whyNot: 'SCTP cannot be probed'};
	const {target} = request;
	const asker = start.kind === 'container' ? (world.containers.find(one => one.name === start.name) ?? null) : null;
	return {
		from: asker ? {kind: 'container', id: asker.id} : {kind: 'host', address: start.kind === 'host' ? start.address : null},
		scheme: target.kind === 'url' ? (target.tls ? 'https' : 'http') : path.to.proto === 'udp' ? 'udp' : 'tcp',
		host: asked.host,
		port: asked.question.port,
		path: target.kind === 'url' ? target.url.replace(/^https?:\/\/[^/]*/i, '') || '/' : '/',
		family: request.family,
		target: targetSocket(world, asked, path),
		explained: path.verdict,
		standsInFor: null,
		timeoutSeconds,
	};
}

/** The socket at which a silent connection is judged; null where the target is not on this host. */
function targetSocket(world: World, asked: Asked, path: Path): ProbePlan['target'] {
	if (path.verdict === 'forwarded') return null;
	const {container} = asked.goal;
	if (!container) return {containerId: null, port: asked.question.port};
	const owner = namespaceOwner(world.containers, container);
	return {containerId: owner === 'host' ? null : owner.id, port: asked.goal.port};
}
