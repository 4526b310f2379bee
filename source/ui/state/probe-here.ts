import type {FlowRequest, Path, Target} from '../../model/index.js';

/**
 * The request that asks right at a hop, to bisect a fault by hand: inside the target's container http://127.0.0.1:80, on the host
 * the container's own address, at the NIC the published port at 127.0.0.1. Before the request has left its origin it is the request itself.
 */
export function requestAt(path: Path, index: number, asked: FlowRequest): FlowRequest {
	const hop = path.hops[index];
	const last = path.hops.at(-1);
	const {proto} = path.to;
	if (!hop || !last) return asked;
	const inside = hop.where === 'process' || hop.where === 'container';
	const target = targetOf(path);
	if (inside) return target !== null && hop.of === target ? {...from(target), target: at('127.0.0.1', last.packet.dport)} : asked;
	if (hop.where === 'host') return {...fromHost, target: at(last.packet.dst, last.packet.dport)};
	return {...fromHost, target: at('127.0.0.1', hop.packet.dport)};

	function at(address: string, port: number | null): Target {
		return {kind: 'address', address, port: port ?? path.to.port, proto};
	}
}

/** The container in which the path ends; null: it does not end in one. */
function targetOf({hops}: Path): string | null {
	return hops.findLast(hop => hop.kind === 'port' || hop.kind === 'interface' || hop.kind === 'process')?.of ?? null;
}

function from(name: string): Omit<FlowRequest, 'target'> {
	return {origin: {kind: 'container', name}, family: null};
}

const fromHost: Omit<FlowRequest, 'target'> = {origin: {kind: 'host', address: null}, family: null};
