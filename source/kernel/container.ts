import {type Container, type ContainerFacts, type Gap, unreadContainer, unreadNetns} from '../model/index.js';
import {splitDoor} from '../process/start.js';
import {isElsewhere, type Netns, netnsAt, netnsOf, ownNetns} from './identity.js';
import {readNetns} from './netns.js';
import {readProcess} from './process.js';
import {noRight} from './program.js';
import {readAddressesOf} from './public-addresses.js';
import {readSocketsOf} from './public-sockets.js';
import {readResolver} from './resolver-files.js';
import {readSocketOwners} from './socket-owners.js';
import {readSockets} from './sockets.js';
import type {Standpoint} from './vantage.js';

/**
 * What one running container's namespaces hold. As root all of it, by entering its network namespace; without, what everybody
 * may read of another process (its sockets, addresses and state), and the rest as gaps. A container in our own namespace (network host) is
 * read as the host is.
 */
export async function readContainer({vantage, gap, pids, door, copy}: Standpoint, container: Container): Promise<ContainerFacts> {
	const pid = pids[container.id];
	if (gap || pid === undefined) return unreadContainer(gap ?? hidden(container));
	const isOurs = (await netnsOf(pid)) === (await netnsOf('self'));
	if (!isOurs && container.sandboxKey && (await isElsewhere(pid, container.sandboxKey))) return unreadContainer(moved(container, pid));
	const space = isOurs ? {...ownNetns, enter: door} : netnsAt(pid, door);
	const [netns, resolver, main] = await Promise.all([
		isOurs || vantage.kind === 'root' ? readAll(space, vantage.kind === 'root') : readPublic(pid),
		readResolver(pid, path => copy(container.id, path)),
		readProcess(pid),
	]);
	return {netns, resolver, main};
}

function readAll(netns: Netns, asRoot: boolean) {
	const sockets = readSockets(netns.enter, asRoot ? readSocketOwners(splitDoor(netns.enter).door) : null);
	return readNetns(netns, sockets, {sparing: true});
}

async function readPublic(pid: number) {
	const [sockets, addresses] = await Promise.all([readSocketsOf(pid), readAddressesOf(pid)]);
	return {...unreadNetns(noRight("another process's network namespace")), sockets, addresses};
}

/** Its first process has gone where the engine's addresses are not (unshare -n): what is there says nothing about the container's network. */
function moved({name, sandboxKey}: Container, pid: number): Gap {
	const why = `the first process of ${name} (${pid}) has left the network namespace that the engine gave it`;
	return {id: 'other-namespace', why, tell: `nsenter --net=${sandboxKey} ip addr`};
}

function hidden({name, pid}: Container): Gap {
	return pid === null
		? {id: 'not-read', why: `${name} is not running: it has no namespaces`, tell: `docker start ${name}`}
		: {id: 'no-permission', why: `the process of ${name} is hidden from this user or in another pid namespace`, tell: 'sudo dockhop'};
}
