import type {Container, PublishedPort, Snapshot} from '../model/index.js';
import {containersOn, engineOf} from './inventory.js';
import {type Table, tableOf} from './table.js';

/** The containers of one network (null: all of them), stopped ones too: name, state, address there, and their ports. */
export function containerRows(snapshot: Snapshot, networkId: string | null): Table {
	const containers = networkId === null ? engineOf(snapshot).containers : containersOn(snapshot, networkId);
	return tableOf<Container>(
		[
			{title: 'NAME', shrink: 3, cell: container => container.name},
			{title: 'STATE', cell: stateWord},
			{
				title: 'ADDRESS',
				shrink: 1,
				cell: container => addressIn(container, networkId) || modeWord(snapshot, container),
				brief: container => firstOf(addressIn(container, networkId)),
			},
			{title: 'PORTS', shrink: 2, cell: portWords, brief: container => firstOf(portWords(container))},
		],
		containers,
		container => container.id,
	);
}

/** "172.17.0.2, 172.18.0.2, 172.19.0.2" → "172.17.0.2 +2"; empty where there is one. */
function firstOf(list: string): string {
	const [first = '', ...others] = list.split(', ');
	return others.length > 0 ? `${first} +${others.length}` : '';
}

/** "running", "exited 1", "running, unhealthy". */
export function stateWord(container: Container): string {
	if (container.state === 'exited' || container.state === 'dead') return `${container.state} ${container.exitCode ?? ''}`.trimEnd();
	return container.health === null || container.health === 'healthy' ? container.state : `${container.state}, ${container.health}`;
}

/**
 * Published ports as "8080→80", "lo:8181→80", "53→53/udp", then exposed ones. What was asked for counts only where the container does
 * not run: of one that runs, an internal or host network may have dropped it.
 */
export function portWords(container: Container): string {
	const published = container.pid === null ? container.requested : container.published;
	const words = published.map(publishedWord);
	const exposed = container.exposed.filter(one => !published.some(port => port.port === one.port && port.proto === one.proto));
	return [...new Set([...words, ...exposed.map(({port, proto}) => `${port}${protoSuffix(proto)}`)])].join(', ');
}

function publishedWord({hostAddress, hostPort, port, proto}: PublishedPort): string {
	return `${hostPrefix(hostAddress)}${hostPort === 0 ? '*' : hostPort}→${port}${protoSuffix(proto)}`;
}

function hostPrefix(address: string): string {
	if (['', '0.0.0.0', '::'].includes(address)) return '';
	if (address === '127.0.0.1' || address === '::1') return 'lo:';
	return address.includes(':') ? `[${address}]:` : `${address}:`;
}

function protoSuffix(proto: string): string {
	return proto === 'tcp' ? '' : `/${proto}`;
}

function addressIn(container: Container, networkId: string | null): string {
	return container.endpoints
		.filter(endpoint => networkId === null || endpoint.networkId === networkId)
		.flatMap(endpoint => [endpoint.address, endpoint.address6].filter(address => address !== null))
		.join(', ');
}

/** Where a container without an address of its own stands. */
function modeWord(snapshot: Snapshot, {networkMode}: Container): string {
	if (networkMode === 'host') return "the host's own";
	if (networkMode === 'none') return 'lo only';
	if (!networkMode.startsWith('container:')) return '-';
	const id = networkMode.slice('container:'.length);
	return `that of ${engineOf(snapshot).containers.find(other => other.id === id)?.name ?? id}`;
}
