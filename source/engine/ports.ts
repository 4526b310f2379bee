import type {Proto, PublishedPort} from '../model/index.js';
import type {ApiPortMap} from './api.js';
import {word} from './words.js';

/** "80/tcp" as a port; null for what is none. */
export function portFrom(key: string): {port: number; proto: Proto} | null {
	const [number = '', proto = 'tcp'] = key.split('/');
	const port = portNumber(number);
	return port && isProto(proto) ? {port, proto} : null;
}

/**
 * NetworkSettings.Ports (what is bound now) or HostConfig.PortBindings (what was asked for), by container port. An empty host address
 * stands for all of IPv4; a host port that is empty or a range is 0 (any).
 */
export function publishedFrom(map: ApiPortMap | undefined): PublishedPort[] {
	const all = Object.entries(map ?? {}).flatMap(([key, bindings]) => {
		const port = portFrom(key);
		return (port && bindings ? bindings : []).map(({HostIp, HostPort}) => ({
			hostAddress: word(HostIp) || '0.0.0.0',
			hostPort: portNumber(word(HostPort)) ?? 0,
			port: port?.port ?? 0,
			proto: port?.proto ?? 'tcp',
		}));
	});
	return all.sort((a, b) => a.port - b.port || a.proto.localeCompare(b.proto) || a.hostPort - b.hostPort);
}

export function isProto(text: unknown): text is Proto {
	return text === 'tcp' || text === 'udp' || text === 'sctp';
}

function portNumber(text: string): number | null {
	const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	return number > 0 && number <= 65535 ? number : null;
}
