import type {EngineFlavour, Network} from '../model/index.js';
import {clean} from '../text/clean.js';
import type {EngineClient} from './connect.js';

/**
 * Podman's bridges, by network id. Its Docker-compatible API names none (podman0, podman1, … are numbered), its own one does (network_interface of
 * GET /libpod/networks/json, docs.podman.io). Where that does not answer, the bridge stays unknown.
 */
export async function withPodmanBridges(client: EngineClient, flavour: EngineFlavour, networks: Network[]): Promise<Network[]> {
	if (flavour !== 'podman') return networks;
	const bridges = await askLibpod(client).catch(() => new Map<string, string>());
	return networks.map(network => (network.driver === 'bridge' ? {...network, bridge: bridges.get(network.id) ?? null} : network));
}

async function askLibpod(client: EngineClient): Promise<Map<string, string>> {
	const answer = await client.get('/v4.0.0/libpod/networks/json');
	const list = Array.isArray(answer) ? (answer as {id?: unknown; network_interface?: unknown}[]) : [];
	return new Map(
		list.flatMap(({id, network_interface: link}) => (typeof id === 'string' && typeof link === 'string' ? [[clean(id), clean(link)]] : [])),
	);
}
