import type {Engine, Gap, HostFacts, Vantage} from '../model/index.js';
import {hasRights} from './capabilities.js';
import {readHost, readHostSockets} from './host.js';
import {asRoot, asUser} from './vantage.js';

/**
 * What the network namespace of dockhop itself says, and with which rights it is read, where no engine can be asked whose it is: facts that
 * show what can be read here, not what an engine has made. Never rejects.
 */
export async function readHere(): Promise<{vantage: Vantage; facts: HostFacts}> {
	const {kind, words} = (await hasRights()) ? asRoot : asUser;
	const vantage: Vantage = {kind, words: `${words}; without an engine, of the network namespace of dockhop itself`, enter: []};
	const copy = () => Promise.resolve({read: false, gap: {id: 'no-engine', why: 'no engine copies it', tell: ''}} as const);
	const standpoint = {vantage, gap: null, pid: null, pids: {}, links: null, door: [], copy};
	const [facts, sockets] = await Promise.all([readHost(standpoint, withoutContainers), readHostSockets(standpoint)]);
	return {vantage, facts: {...facts, host: {...facts.host, sockets}, veths: {read: false, gap: noContainers}}};
}

const noContainers: Gap = {id: 'no-engine', why: 'no engine says which containers there are', tell: 'docker ps'};
const withoutContainers: Pick<Engine, 'containers'> = {containers: []};
