import type {MeshPort, Network} from '../model/index.js';
import type {EngineClient} from './connect.js';
import {isProto} from './ports.js';
import {word} from './words.js';

/** What dockhop looks at of GET /services (API 1.41 and later count the tasks). */
interface ApiService {
	Spec?: {Name?: string} | null;
	Endpoint?: {Ports?: {Protocol?: string; PublishedPort?: number; PublishMode?: string}[] | null} | null;
	ServiceStatus?: {RunningTasks?: number; DesiredTasks?: number} | null;
}

/**
 * The ports of the Swarm's services that the routing mesh publishes on every node; null where this is no manager of a Swarm (only
 * managers know the services), or the engine does not say.
 */
export async function readMesh(client: EngineClient, networks: readonly Network[]): Promise<MeshPort[] | null> {
	if (!networks.some(({name, scope}) => name === 'ingress' && scope === 'swarm')) return null;
	const answer = await client.get('/services', {status: true}).catch(() => null);
	return Array.isArray(answer) ? (answer as ApiService[]).flatMap(portsOf) : null;
}

function portsOf({Spec, Endpoint, ServiceStatus: status}: ApiService): MeshPort[] {
	return (Endpoint?.Ports ?? []).flatMap(({Protocol: proto, PublishedPort: port, PublishMode: mode}) =>
		mode === 'ingress' && isProto(proto) && typeof port === 'number'
			? [{service: word(Spec?.Name), port, proto, running: status?.RunningTasks ?? null, desired: status?.DesiredTasks ?? null}]
			: [],
	);
}
