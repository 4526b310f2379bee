import {isIP} from 'node:net';
import {isLoopback, isWithin} from '../../address/ip.js';
import type {Finding} from '../../model/index.js';
import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {askerOf} from '../inventory.js';
import {bareName} from '../names.js';

/** The environment of the container that asks sends HTTP requests to a proxy, also those for its neighbours. */
export const httpProxyEnvironment: Fault = {
	id: 'http-proxy-environment',
	words: {
		title: 'its environment sends HTTP requests to a proxy',
		about:
			'HTTP_PROXY (or HTTPS_PROXY, ALL_PROXY) is set in the container that asks, and NO_PROXY does not name the target. Programs that heed it ask the proxy instead, which does not know names of containers.',
		more: [
			'The request that is explained here is the one without a proxy. A 502, 503 or 403 with a header "Via" comes from the proxy.',
			'The Docker CLI puts the proxies of ~/.docker/config.json into every container that it starts.',
		],
		see: [['docker exec CONTAINER env | grep -i proxy', 'the proxies, and NO_PROXY']],
		todo: ['Add the names of the containers to NO_PROXY: docker run -e NO_PROXY=web,.internal …'],
	},
	onPath(snapshot, path): Finding[] {
		const asker = askerOf({snapshot, path});
		const {proto, url} = path.to;
		const proxy = asker?.httpProxies?.[url?.startsWith('https:') ? 'https' : 'http'];
		if (!asker || !proxy || proto !== 'tcp' || (path.to.kind === 'address' && isLoopback(path.to.address ?? ''))) return [];
		const names = [path.to.name, ...path.hops.filter(({kind}) => kind === 'dns').map(({name}) => name), path.to.address ?? ''];
		if (names.some(name => name !== '' && asker.httpProxies?.except.some(pattern => excepts(pattern, name)))) return [];
		return [
			{
				id: 'http-proxy-environment',
				severity: 'info',
				hop: 0,
				summary: `programs in ${asker.name} that heed HTTP_PROXY ask ${proxy.host}:${proxy.port} for ${path.to.name}, not ${path.to.name} itself`,
				remedy: `docker run -e NO_PROXY=${path.to.name} …`,
				evidence: [observed(`HTTP_PROXY leads to ${proxy.host}:${proxy.port}`, 'docker inspect', `docker exec ${asker.name} env`)],
			},
		];
	},
};

/** As curl reads NO_PROXY: "*", a name and all below it, an address, a range. */
function excepts(pattern: string, name: string): boolean {
	if (pattern === '*') return true;
	if (isIP(name)) return pattern.includes('/') ? isWithin(name, pattern) : pattern === name;
	const [suffix, asked] = [pattern.replace(/^\*?\./, ''), name].map(bareName) as [string, string];
	return asked === suffix || asked.endsWith(`.${suffix}`);
}
