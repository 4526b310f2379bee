import type {Container, Network, Snapshot, Socket} from '../model/index.js';
import {stpWord} from './bridges.js';
import {portWords, stateWord} from './containers.js';
import type {Field} from './hop-details.js';
import {bridgesOf, engineOf, ownerOf, portsOf, vethOf} from './inventory.js';
import {driverWords} from './words/drivers.js';
import {endWords} from './words/en.js';

/** The box under the lists: what is known of the selected network or container. */
export interface Details {
	title: string;
	/** Right in the title: "network", "since 19:14  healthy". */
	note: string;
	/** A field with an empty label goes on with the one above. */
	fields: Field[];
	/** One or two sentences that explain it; empty where the fields do. */
	about: string;
}

/** What is known of a network; null where it is gone. */
export function networkDetails(snapshot: Snapshot, id: string): Details | null {
	const network = engineOf(snapshot).networks.find(one => one.id === id);
	if (!network) return null;
	return {
		title: network.name,
		note: network.internal ? 'internal network' : 'network',
		fields: [
			...field('id', `${network.id.slice(0, 12)}   scope ${network.scope}`),
			...field('driver', network.driver),
			...list(
				'subnet',
				network.subnets.map(({subnet}) => subnet),
			),
			...list(
				'gateway',
				network.subnets.flatMap(({gateway}) => (gateway === null ? [] : [gateway])),
			),
			...bridgeFields(snapshot, network),
		],
		about:
			network.bridge === null
				? (driverEntry(network.driver)?.about ?? `dockhop does not know networks of the driver ${network.driver}.`)
				: '',
	};
}

/** What is known of a container; null where it is gone. */
export function containerDetails(snapshot: Snapshot, id: string): Details | null {
	const container = engineOf(snapshot).containers.find(one => one.id === id);
	if (!container) return null;
	const facts = snapshot.containers[id];
	const inode = facts?.netns.inode;
	return {
		title: container.name,
		note: [
			container.startedAt && container.pid !== null ? `since ${container.startedAt.slice(0, 16).replace('T', ' ')}` : '',
			stateWord(container),
		]
			.filter(Boolean)
			.join('  '),
		fields: [
			...field('image', container.image),
			...field('pid', container.pid === null ? '' : `${container.pid}${inode ? `   netns ${inode}` : ''}`),
			...field('mode', container.networkMode),
			...list('address', addresses(container)),
			...listenFields(snapshot, container),
			...field('publishes', portWords(container)),
			...field('names', [...new Set(container.endpoints.flatMap(endpoint => endpoint.dnsNames))].join(', ')),
			...vethFields(snapshot, container),
		],
		about: driverEntry(container.networkMode.startsWith('container:') ? 'container' : container.networkMode)?.about ?? '',
	};
}

function bridgeFields(snapshot: Snapshot, network: Network): Field[] {
	const bridge = bridgesOf(snapshot).find(one => one.network.id === network.id);
	if (!bridge) return [];
	if (bridge.link === null) return field('bridge', `${bridge.name}   ${snapshot.host.links.read ? '' : snapshot.host.links.gap.why}`);
	if (bridge.link === undefined) return field('bridge', `${bridge.name}   is not there`);
	const ports = (portsOf(snapshot, bridge.name) ?? []).map(port => {
		return [port.name, ownerOf(snapshot, port)?.name ?? '', port.port?.state ?? ''].filter(Boolean).join('  ');
	});
	return [
		...field('bridge', `${bridge.name}  ${bridge.link.bridge?.id ?? ''}`.trimEnd()),
		...field('STP', stpWord(bridge.link)),
		...list('interfaces', ports.length > 0 ? ports : ['none']),
	];
}

function addresses(container: Container): string[] {
	return container.endpoints.flatMap(endpoint => {
		const own = [endpoint.address, endpoint.address6].filter(address => address !== null);
		return own.length > 0 ? [`${own.join(', ')}   ${endpoint.networkName}`] : [];
	});
}

function listenFields(snapshot: Snapshot, container: Container): Field[] {
	const sockets = snapshot.containers[container.id]?.netns.sockets;
	if (!sockets) return [];
	if (!sockets.read) return field('listens', `? ${sockets.gap.why}`);
	// On the host's network the sockets are those of the whole host: only the container's own main process is told.
	const own = ({owners}: Socket) => container.networkMode !== 'host' || owners?.some(({pid}) => pid === container.pid);
	const listening = sockets.value.filter(socket => (socket.state === 'listen' || socket.state === 'bound') && own(socket));
	return list(
		'listens',
		listening.length > 0 ? listening.map(listenWord) : [container.networkMode === 'host' ? 'see ss -tlnp on the host' : 'nowhere'],
	);
}

function listenWord({address, port, proto, owners}: Socket): string {
	const who = owners?.map(({name}) => name).join(', ') ?? '';
	return `${endWords(address, port)}${proto === 'tcp' ? '' : `/${proto}`}   ${who}`.trimEnd();
}

function vethFields(snapshot: Snapshot, container: Container): Field[] {
	const {networks} = engineOf(snapshot);
	const ends = container.endpoints.flatMap(({networkId}) => {
		const veth = vethOf(
			snapshot,
			container,
			networks.find(({id}) => id === networkId),
		);
		return veth ? [`${veth.name} ${veth.master ? `on ${veth.master}` : 'on no bridge'}`] : [];
	});
	return list('veth', ends);
}

function driverEntry(driver: string) {
	const name = driver === 'null' ? 'none' : driver;
	return Object.hasOwn(driverWords, name) ? driverWords[name as keyof typeof driverWords] : undefined;
}

function list(label: string, texts: string[]): Field[] {
	return texts.map((text, index) => ({label: index === 0 ? label : '', text}));
}

function field(label: string, text: string): Field[] {
	return text === '' ? [] : [{label, text}];
}
