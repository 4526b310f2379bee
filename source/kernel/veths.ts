import {readdirSync} from 'node:fs';
import {statfs} from 'node:fs/promises';
import type {Container, FdbEntry, Group, Link, VethPair} from '../model/index.js';
import {clean} from '../text/clean.js';
import {deviceNames} from './device-names.js';
import {netnsAt, netnsOf} from './identity.js';
import {readKernelFile} from './kernel-file.js';
import {readLinks} from './links.js';

/**
 * Which links of the host are the other ends of the containers' interfaces. As root by both ends: the container's says which
 * index its peer has, and the host's link names the container's in turn. Where neither end could be seen, by the bridge that has
 * learned the endpoint's MAC address on a port. Interfaces that nothing shows are left out.
 */
export async function readVeths(
	containers: {container: Container; pid: number}[],
	host: {pid: number | 'self'; asRoot: boolean; door?: readonly string[]},
	links: Group<Link[]>,
	readFdb: () => Promise<Group<FdbEntry[]>>,
): Promise<Group<VethPair[]>> {
	if (!links.read) return links;
	const here = await netnsOf(host.pid);
	const pairs = await Promise.all(
		containers.map(async ({container, pid}) => {
			if ((await netnsOf(pid)) === here) return [];
			const own = pairsOf(container.id, await readEnds(pid), links.value);
			if (own.length > 0) return own;
			// It may have mounted the host's /sys, or none: its own namespace tells, for one more process.
			const asked = host.asRoot && container.endpoints.length > 0 ? await readLinks(netnsAt(pid, host.door).enter) : null;
			const mutual = asked?.read ? pairsOf(container.id, asked.value.flatMap(toEnd), links.value) : [];
			if (mutual.length > 0) return mutual;
			const fdb = await readFdb();
			if (!fdb.read) return [];
			return learnedPairs(container, onlyInterface(pid), fdb.value, links.value);
		}),
	);
	return {read: true, value: pairs.flat(), source: '/proc/PID/root/sys/class/net/*/iflink; bridge fdb', command: links.command};
}

/** An interface inside a container. */
export interface End {
	interface: string;
	index: number;
	/** Index of its peer, in the peer's namespace. */
	peer: number;
}

/** Both ends must name each other. */
export function pairsOf(containerId: string, ends: End[], links: Link[]): VethPair[] {
	return ends.flatMap(end => {
		const host = links.find(link => link.index === end.peer);
		const mutual = host?.kind === 'veth' && host.linkIndex === end.index && host.linkNetnsid !== null;
		return mutual ? [{containerId, interface: end.interface, hostIndex: host.index, by: 'iflink' as const}] : [];
	});
}

/** A learned entry is on a port of a bridge, is no address of the host's own (permanent), and the port is a veth. */
export function learnedPairs(container: Container, only: string, fdb: FdbEntry[], links: Link[]): VethPair[] {
	return container.endpoints.flatMap(({mac}) => {
		const entry = fdb.find(
			entry => mac !== null && entry.mac.toLowerCase() === mac.toLowerCase() && entry.master !== null && entry.state === '',
		);
		const port = links.find(link => link.name === entry?.dev && link.kind === 'veth');
		return port ? [{containerId: container.id, interface: only, hostIndex: port.index, by: 'fdb' as const}] : [];
	});
}

function toEnd({name, index, linkIndex, linkNetnsid}: Link): End[] {
	return linkIndex !== null && linkNetnsid !== null ? [{interface: name, index, peer: linkIndex}] : [];
}

/** The interfaces of a process's namespace as its own /sys shows them, which costs no process. */
export async function readEnds(pid: number): Promise<End[]> {
	const sys = `/proc/${pid}/root/sys`;
	const folder = `${sys}/class/net`;
	// An image may hold anything under that name, pipes and devices too: only a real sysfs is read.
	const type = await statfs(sys).then(
		facts => facts.type,
		() => 0,
	);
	if (type !== sysfsMagic) return [];
	const ends = namesIn(folder).map(name => ({
		interface: clean(name),
		index: readNumber(`${folder}/${name}/ifindex`),
		peer: readNumber(`${folder}/${name}/iflink`),
	}));
	return ends.filter((end): end is End => end.index !== null && end.peer !== null && end.peer !== end.index);
}

/** lo has no peer. */
function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder).filter(name => name !== 'lo');
	} catch {
		return [];
	}
}

function readNumber(path: string): number | null {
	const text = readKernelFile(path);
	return /^\d+\s*$/.test(text) ? Number(text) : null;
}

/** Name of the container's one interface beside lo; "" where it has several, which the bridge cannot tell apart. */
function onlyInterface(pid: number): string {
	const names = (deviceNames(pid) ?? []).filter(name => name !== 'lo');
	return names.length === 1 ? clean(names[0] ?? '') : '';
}

/** SYSFS_MAGIC of statfs(2). */
const sysfsMagic = 0x62656572;
