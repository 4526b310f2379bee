import type {Link, Snapshot} from '../model/index.js';
import {bridgesOf, ownerOf, portsOf} from './inventory.js';
import {type Table, tableOf} from './table.js';

interface Line {
	id: string;
	first: boolean;
	name: string;
	network: string;
	bridge: Link | undefined | null;
	port: Link | null;
}

/** What `brctl show` shows of every Docker bridge, one line per interface, with its state and the container behind it. */
export function bridgeRows(snapshot: Snapshot): Table {
	const lines = bridgesOf(snapshot).flatMap(({name, network, link}) => {
		const ports: (Link | null)[] = portsOf(snapshot, name) ?? [];
		return (ports.length > 0 ? ports : [null]).map((port, index): Line => {
			return {id: port ? `${name} ${port.name}` : name, first: index === 0, name, network: network.name, bridge: link, port};
		});
	});
	const once = (text: (line: Line) => string) => (line: Line) => (line.first ? text(line) : '');
	return tableOf<Line>(
		[
			{title: 'NAME', shrink: 1, cell: once(line => line.name)},
			{title: 'ID', cell: once(line => line.bridge?.bridge?.id ?? missing(line.bridge))},
			{title: 'STP', cell: once(line => stpWord(line.bridge))},
			{title: 'NETWORK', shrink: 3, cell: once(line => line.network)},
			{title: 'INTERFACE', shrink: 2, cell: ({port}) => port?.name ?? ''},
			{title: 'STATE', cell: ({port}) => port?.port?.state ?? (port ? '?' : '')},
			{title: 'CONTAINER', shrink: 3, cell: ({port}) => (port ? ownerWord(snapshot, port) : '')},
		],
		lines,
		line => line.id,
	);
}

/** "yes" or "no" as `brctl show` prints it; "?" where it was not read. */
export function stpWord(link: Link | undefined | null): string {
	return link?.bridge ? (link.bridge.stp ? 'yes' : 'no') : '?';
}

/** A veth belongs to somebody, even where it cannot be told to whom; another port (a NIC, a tunnel) belongs to the host. */
function ownerWord(snapshot: Snapshot, port: Link): string {
	return ownerOf(snapshot, port)?.name ?? (port.kind === 'veth' ? '?' : '');
}

function missing(link: Link | undefined | null): string {
	return link === null ? 'not read' : link === undefined ? 'not there' : 'no bridge';
}
