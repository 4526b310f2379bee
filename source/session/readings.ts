import type {KernelReaders} from '../kernel/index.js';
import {
	type Container,
	type ContainerFacts,
	type DnsAnswer,
	type Needs,
	type NetnsFacts,
	type Snapshot,
	unreadContainer,
} from '../model/index.js';
import type {Readings} from '../snapshot/index.js';
import {askAsResolver} from './ask-as-resolver.js';

/**
 * Reads what single questions need of one snapshot, each thing once; null where all of it was given before. Made anew with every
 * snapshot, so that nothing outlives a refresh.
 */
export function readingsFor(snapshot: Snapshot, kernel: KernelReaders): {read(needs: Needs): Promise<Readings | null>} {
	const given = new Set<string>();
	const containers = new Map<string, Promise<ContainerFacts>>();
	const names = new Map<string, Promise<DnsAnswer[]>>();
	let sockets: Promise<NetnsFacts['sockets']> | null = null;
	const find = (id: string) => (snapshot.engine.read ? snapshot.engine.value.containers.find(container => container.id === id) : undefined);

	const factsOf = (id: string) => once(containers, id, () => readOne(find(id), kernel));
	const answersTo = ({from, name}: Needs['names'][number]) =>
		once(names, keyOf({from, name}), async () => {
			const container = from === null ? null : find(from);
			if (container === undefined) return [];
			const {resolvConf} = container ? (await factsOf(container.id)).resolver : snapshot.hostResolver;
			return resolvConf.read ? askAsResolver((full, servers) => kernel.askName(container, full, servers), name, resolvConf.value) : [];
		});
	return {
		async read(needs) {
			const ids = [...new Set(needs.containers)];
			if (needs.hostSockets) sockets ??= kernel.readHostSockets();
			const [facts, answers, hostSockets] = await Promise.all([
				Promise.all(ids.map(async id => [id, await factsOf(id)] as const)),
				Promise.all(needs.names.map(answersTo)),
				needs.hostSockets ? sockets : null,
			]);
			const keys = [...ids, ...needs.names.map(keyOf), ...(needs.hostSockets ? ['host sockets'] : [])];
			if (keys.every(key => given.has(key))) return null;
			for (const key of keys) given.add(key);
			return {containers: Object.fromEntries(facts), answers: answers.flat(), ...(hostSockets ? {hostSockets} : {})};
		},
	};
}

function readOne(container: Container | undefined, kernel: KernelReaders): Promise<ContainerFacts> {
	if (container) return kernel.readContainer(container);
	return Promise.resolve(unreadContainer({id: 'not-read', why: 'there is no such container any more', tell: 'docker ps -a'}));
}

function keyOf({from, name}: Needs['names'][number]): string {
	return JSON.stringify([from, name]);
}

function once<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
	const known = cache.get(key);
	if (known) return known;
	const made = make();
	cache.set(key, made);
	return made;
}
