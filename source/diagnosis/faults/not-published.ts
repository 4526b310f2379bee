import {hostPort, isLoopback, isUnspecified} from '../../address/ip.js';
import type {Container, PublishedPort, Snapshot} from '../../model/index.js';
import {quote} from '../../text/quote.js';
import type {Fault, Saying} from '../fault.js';
import {containersOf, endpointsOf, engineOf, listenersOf, runningOf, targetOf} from '../inventory.js';
import {droppingStep, type Stop} from '../stop.js';

/** The port is asked for from outside, and no container publishes it. */
export const notPublished: Fault = {
	id: 'not-published',
	words: {
		title: 'the port is not published',
		about:
			'A container’s port is open for the containers on its own network and for the host. Everybody else reaches it only where it is published.',
		more: ['EXPOSE in an image publishes nothing. `docker compose run` publishes nothing without --service-ports.'],
		see: [['docker port CONTAINER', 'what is published; nothing where nothing is']],
		todo: ['Start the container with -p HOSTPORT:PORT.'],
	},
	atStop(stop) {
		const {hop, snapshot, path} = stop;
		const target = targetOf(stop);
		const unheeded = onInternalAlone(stop);
		if (unheeded) return unheeded;
		if (
			path.from.kind === 'lan' &&
			target &&
			hop.kind === 'netfilter' &&
			hop.of === null &&
			(hop.cause === 'policy-drop' || isEngines(droppingStep(hop)?.label))
		) {
			const {port, proto} = path.to;
			const public_ = target.published.find(one => one.port === port && one.proto === proto && !isLoopback(one.hostAddress));
			if (public_) return isOwnAddress(target, path.hops[0]?.packet.dst) ? askedInside(stop, target, public_) : null;
			return {
				summary: `${target.name} does not publish ${port}/${proto}, and the engine lets nobody else in`,
				remedy: `docker run -p ${port}:${port}${proto === 'tcp' ? '' : `/${proto}`} …`,
			};
		}
		if (hop.kind !== 'port' || hop.cause !== 'nothing-listens' || hop.of !== null || target || hop.port === null) return null;
		if (containersOf(snapshot).some(one => one.published.some(({hostPort}) => hostPort === hop.port))) return null;
		const inside = runningOf(snapshot).find(one =>
			listenersOf(snapshot, one)?.some(({port, proto}) => port === hop.port && proto === hop.packet.proto),
		);
		if (!inside) return null;
		return {
			summary: `nothing on the host listens on ${hop.port}/${hop.packet.proto}; ${inside.name} does, but does not publish it`,
			remedy: `docker run -p ${hop.port}:${hop.port} …  # or ask ${inside.name} at its own address`,
		};
	},
};

/** It was started with -p, but all its networks are internal: the engine publishes nothing there (moby, bridge driver: an internal endpoint has no port mapping). */
function onInternalAlone(stop: Stop): Saying | null {
	const {hop, snapshot, path} = stop;
	const refused = hop.kind === 'netfilter' && path.from.kind === 'lan';
	if (hop.of !== null || !(refused || (hop.kind === 'port' && hop.cause === 'nothing-listens'))) return null;
	const target = targetOf(stop);
	const asked = ({requested}: Container) =>
		requested.find(one => one.proto === path.to.proto && (target ? one.port === path.to.port : one.hostPort === hop.port));
	for (const one of target ? [target] : runningOf(snapshot)) {
		const port = asked(one);
		const networks = internalOnly(snapshot, one);
		if (!port || one.published.length > 0 || networks.length === 0) continue;
		return {
			summary: `${one.name} asked for -p ${port.hostPort}:${port.port}, but is on ${networks.join(', ')} alone, which is internal: the engine publishes nothing there`,
			remedy: quote(['docker', 'network', 'connect', 'bridge', one.name]),
		};
	}
	return null;
}

/** The names of a container's networks, where every one is internal; else none. */
function internalOnly(snapshot: Snapshot, container: Container): string[] {
	const ids = endpointsOf(snapshot, container).map(({networkId}) => networkId);
	const networks = (engineOf(snapshot)?.networks ?? []).filter(({id}) => ids.includes(id));
	return networks.every(({internal}) => internal) ? networks.map(({name}) => name) : [];
}

function isOwnAddress({endpoints}: Container, dst: string | undefined): boolean {
	return endpoints.some(({address, address6}) => address === dst || address6 === dst);
}

/** It is asked at its own address, where only the host and its neighbours reach it. */
function askedInside({path}: Stop, {name}: Container, {hostPort: port, hostAddress, proto}: PublishedPort): Saying {
	const {dst} = path.hops[0]?.packet ?? {dst: ''};
	const where = isUnspecified(hostAddress) ? `port ${port} of this host` : hostPort(hostAddress, port);
	return {
		summary: `${dst} is the own address of ${name}, which the engine lets nobody outside reach; it is published on ${port}/${proto}`,
		remedy: `ask for ${where} instead`,
	};
}

function isEngines(label: string | null | undefined): boolean {
	return ['Docker', 'direct access', 'unpublished port', 'isolation', 'Podman'].includes(label ?? '');
}
