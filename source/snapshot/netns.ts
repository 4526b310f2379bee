import {canonical, isWithin} from '../address/ip.js';
import type {Address, FdbEntry, Gap, Group, Link, Neighbour, NetnsFacts, Socket} from '../model/index.js';
import {lookup} from './lookup.js';

/** What a group holds, or `otherwise` where it was not read. */
export function valueOr<T>(group: Group<T>, otherwise: T): T {
	return group.read ? group.value : otherwise;
}

/** The first gap among groups, so that a decision that needs them all can say why it cannot be made. */
export function firstGap(...groups: Group<unknown>[]): Gap | null {
	for (const group of groups) if (!group.read) return group.gap;
	return null;
}

export function linkNamed(facts: NetnsFacts, name: string): Link | null {
	return linksByName(valueOr(facts.links, []), name)[0] ?? null;
}

/** The ports of a bridge (or of a bond, a vrf). */
export function portsOf(facts: NetnsFacts, master: string): readonly Link[] {
	return linksByMaster(valueOr(facts.links, []), master);
}

/** The addresses of one link, or of all, in the kernel's order. */
export function addressesOf(facts: NetnsFacts, family: 4 | 6, link?: string): readonly Address[] {
	return addressesByLink(valueOr(facts.addresses, []), link === undefined ? `${family}` : `${family} ${link}`);
}

/** The link that carries an address in this namespace, with the address; null where none does. */
export function ownerOf(facts: NetnsFacts, address: string): Address | null {
	const wanted = canonical(address);
	return addressesByText(valueOr(facts.addresses, []), wanted)[0] ?? null;
}

/**
 * The same, where the kernel answers for it when a neighbour asks: not for an address for which duplicate address detection found
 * another one (RFC 4862, 5.4.5). One that is still tentative answers within a second or two.
 */
export function responderOf(facts: NetnsFacts, address: string): Address | null {
	const owner = ownerOf(facts, address);
	return owner?.flags.includes('dadfailed') ? null : owner;
}

/** What the kernel remembers of a neighbour on a link; null where it has no entry. */
export function neighbourOf(facts: NetnsFacts, dev: string, address: string): Neighbour | null {
	return neighboursByAddress(valueOr(facts.neighbours, []), `${dev} ${canonical(address)}`)[0] ?? null;
}

/** The bridges' forwarding entries for a MAC address. */
export function fdbOf(facts: NetnsFacts, mac: string): readonly FdbEntry[] {
	return fdbByMac(valueOr(facts.fdb, []), mac.toLowerCase());
}

/** A per-interface setting as the kernel names it; null where it was not read or does not exist. */
export function interfaceSetting(facts: NetnsFacts, family: 4 | 6, link: string, name: string): number | null {
	const {sysctls} = facts;
	let known = settings.get(sysctls);
	if (!known) {
		known = {4: new Map(), 6: new Map()};
		settings.set(sysctls, known);
	}
	let ofName = known[family].get(name);
	if (!ofName) {
		ofName = new Map();
		known[family].set(name, ofName);
	}
	let value = ofName.get(link);
	if (value === undefined) {
		value = sysctl(facts, `net.ipv${family}.conf.${link}.${name}`);
		ofName.set(link, value);
	}
	return value;
}

/** By family, name and link: a walk asks for some at every namespace, and their long names are slow to make. */
const settings = new WeakMap<NetnsFacts['sysctls'], Record<4 | 6, Map<string, Map<string, number | null>>>>();

/** A sysctl as a number; null where it was not read, does not exist or is no number. */
export function sysctl(facts: NetnsFacts, name: string): number | null {
	const text = valueOr(facts.sysctls, {})[name];
	return text === undefined || !/^-?\d+$/.test(text.trim()) ? null : Number(text);
}

/**
 * The socket that takes a packet for this address and port, as inet_lookup does: bound to the exact address before any
 * address, bound to the device before any device. `maybe`: an IPv6 socket for any address whose IPV6_V6ONLY was not read.
 */
export function listenerFor(
	facts: NetnsFacts,
	packet: {proto: string; dst: string; dport: number | null; iif: string | null},
): {socket: Socket; maybe: boolean} | null {
	const family = packet.dst.includes(':') ? 6 : 4;
	const candidates = socketsByPort(valueOr(facts.sockets, []), `${packet.proto} ${packet.dport}`)
		.filter(waits)
		.filter(socket => socket.device === null || socket.device === packet.iif)
		.filter(socket => takes(socket, packet.dst, family))
		.sort((a, b) => score(b, family) - score(a, family));
	const socket = candidates[0];
	return socket ? {socket, maybe: family === 4 && socket.family === 6 && socket.v6only === null} : null;
}

/** A socket that takes new connections or datagrams from anybody. */
export function waits(socket: Socket): boolean {
	return socket.state === 'listen' || (socket.proto === 'udp' && socket.peer === null);
}

function takes(socket: Socket, dst: string, family: 4 | 6): boolean {
	const address = canonical(socket.address);
	if (socket.family === family) return address === canonical(dst) || isAny(address);
	if (family === 4) return socket.v6only !== true && (address === '::' || address === `::ffff:${dst}`);
	return false;
}

function score(socket: Socket, family: 4 | 6): number {
	return (socket.device ? 4 : 0) + (isAny(canonical(socket.address)) ? 0 : 2) + (socket.family === family ? 1 : 0);
}

function isAny(address: string): boolean {
	return address === '0.0.0.0' || address === '::';
}

/** Links whose connected prefix holds the address (it is a neighbour there). */
export function linksOnlink(facts: NetnsFacts, address: string): string[] {
	const family = address.includes(':') ? 6 : 4;
	return addressesOf(facts, family)
		.filter(one => one.prefix < (family === 4 ? 32 : 128) && isWithin(address, `${one.address}/${one.prefix}`))
		.map(one => one.link);
}

const linksByName = lookup((link: Link) => [link.name]);
const linksByMaster = lookup((link: Link) => (link.master === null ? [] : [link.master]));
const addressesByLink = lookup(({family, link}: Address) => [`${family}`, `${family} ${link}`]);
const addressesByText = lookup(({address}: Address) => [canonical(address)]);
const socketsByPort = lookup(({proto, port}: Socket) => [`${proto} ${port}`]);
const fdbByMac = lookup(({mac}: FdbEntry) => [mac.toLowerCase()]);
const neighboursByAddress = lookup(({dev, address}: Neighbour) => [`${dev} ${canonical(address)}`]);
