import {readFileSync} from 'node:fs';
import type {Container, Group, Snapshot} from '../../source/model/index.js';
import {others, repeated} from './repeated-rules.js';

/**
 * A host as engine 28 would leave it with `count` containers on docker0, each with a published port: a recording of a real one, with
 * everything that belongs to its container `www` (inventory, links, namespaces, docker-proxy, sockets, rules) repeated for further ones.
 */
export function hostOfMany(count: number): Snapshot {
	const one = JSON.parse(readFileSync(new URL('../recordings/six-28.json', import.meta.url), 'utf8')) as Snapshot;
	const www = containersOf(one).find(({name}) => name === 'www');
	const pair = listOf(one.veths).find(({containerId}) => containerId === www?.id);
	const veth = listOf(one.host.links).find(({index}) => index === pair?.hostIndex);
	const mac = www?.endpoints[0]?.mac;
	if (!www || !pair || !veth || !mac) throw new Error('the recording has no www');
	const copies = others(count).map(({address, port}, i) => (part: object) => {
		const id = www.id.slice(0, -8) + String(i).padStart(8, '0');
		const own = `02:00:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`;
		return JSON.parse(
			JSON.stringify(part)
				.replaceAll(www.id, id)
				.replaceAll('172.17.0.2', address)
				.replaceAll('8080', String(port))
				.replaceAll(mac, own)
				.replaceAll(veth.name, `veth${i}`)
				.replaceAll('"www"', `"www${i}"`)
				.replaceAll(`"hostIndex":${veth.index},`, `"hostIndex":${1000 + i},`)
				.replaceAll(`"index":${veth.index},"name":"veth`, `"index":${1000 + i},"name":"veth`)
				.replaceAll(String(www.pid), String(100_000 + i)),
		);
	});
	const grown = <T extends object>(group: Group<T[]>, isItsOwn: (part: T) => boolean): Group<T[]> => {
		if (!group.read) return group;
		const own = group.value.filter(isItsOwn);
		return {...group, value: [...group.value, ...copies.flatMap(copy => own.map(part => copy(part) as T))]};
	};
	const facts = one.containers[www.id] ?? {};
	const {engine, host} = one;
	if (!engine.read) throw new Error('the recording has no engine');
	return {
		...one,
		engine: {...engine, value: {...engine.value, containers: [...engine.value.containers, ...copies.map(copy => copy(www) as Container)]}},
		veths: grown(one.veths, part => part === pair),
		proxies: grown(one.proxies, part => part.containerAddress === '172.17.0.2'),
		host: {
			...host,
			links: grown(host.links, part => part === veth),
			neighbours: grown(host.neighbours, part => part.address === '172.17.0.2'),
			fdb: grown(host.fdb, part => part.dev === veth.name),
			sockets: grown(host.sockets, part => part.port === 8080),
			rulesets: repeated(host.rulesets, count),
		},
		containers: {...one.containers, ...Object.fromEntries(copies.map(copy => [copy({id: www.id}).id as string, copy(facts)]))},
	};
}

function containersOf({engine}: Snapshot): Container[] {
	return engine.read ? engine.value.containers : [];
}

function listOf<T>(group: Group<T[]>): T[] {
	if (!group.read) throw new Error(group.gap.why);
	return group.value;
}
