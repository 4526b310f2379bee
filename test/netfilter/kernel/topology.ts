/**
 * The testbed: a LAN client on eth0 and a far host on eth1; two containers on br0, a third on br1.
 *
 *     lan ── eth0 ┐      ┌ br0 ─ va ── a
 *                 ├ host ┤      └ vb ── b
 *     far ── eth1 ┘      └ br1 ─ vc ── c
 */
export type PlaceName = 'lan' | 'far' | 'host' | ContainerName;

export interface Place {
	/** Addresses by the link that carries them. */
	links: Record<string, [v4: string, v6: string]>;
	gateway: [v4: string, v6: string] | null;
}

export const places: Record<PlaceName, Place> = {
	lan: {links: {eth0: ['10.97.0.2', 'fd97::2']}, gateway: ['10.97.0.1', 'fd97::1']},
	far: {links: {eth0: ['10.96.0.2', 'fd96::2']}, gateway: ['10.96.0.1', 'fd96::1']},
	host: {
		links: {
			eth0: ['10.97.0.1', 'fd97::1'],
			eth1: ['10.96.0.1', 'fd96::1'],
			br0: ['10.98.0.1', 'fd98::1'],
			br1: ['10.95.0.1', 'fd95::1'],
		},
		gateway: ['10.97.0.2', 'fd97::2'],
	},
	a: {links: {eth0: ['10.98.0.2', 'fd98::2']}, gateway: ['10.98.0.1', 'fd98::1']},
	b: {links: {eth0: ['10.98.0.3', 'fd98::3']}, gateway: ['10.98.0.1', 'fd98::1']},
	c: {links: {eth0: ['10.95.0.2', 'fd95::2']}, gateway: ['10.95.0.1', 'fd95::1']},
};

export const placeNames = Object.keys(places) as PlaceName[];

export type ContainerName = 'a' | 'b' | 'c';

/** Containers by the bridge that they are on and the host's end of their interface. */
export const containers: Record<ContainerName, {bridge: string; port: string}> = {
	a: {bridge: 'br0', port: 'va'},
	b: {bridge: 'br0', port: 'vb'},
	c: {bridge: 'br1', port: 'vc'},
};

/** Cables between the host and the others. */
export const cables: Record<string, [place: PlaceName, link: string]> = {
	eth0: ['lan', 'eth0'],
	eth1: ['far', 'eth0'],
	va: ['a', 'eth0'],
	vb: ['b', 'eth0'],
	vc: ['c', 'eth0'],
};

/** MAC addresses of both ends of a cable, the host's first. */
export function macsOf(cable: string): [host: string, peer: string] {
	const number = Object.keys(cables).indexOf(cable);
	return [`02:d0:00:00:00:0${number}`, `02:d0:00:00:01:0${number}`];
}

/** Ports on which every place answers (TCP, UDP), and one where UDP is taken without an answer. */
export const ports = [80, 81, 443, 8080, 8443];
export const silentPort = 5000;

/** The same address in the other family, as the testbed pairs them. */
export function addressesOf(place: PlaceName, family: 4 | 6): string[] {
	return Object.values(places[place].links).map(pair => pair[family === 4 ? 0 : 1]);
}
