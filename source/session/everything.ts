import type {Snapshot} from '../model/index.js';
import type {Session} from './session.js';

/** A snapshot with everything that can be read: every running container's namespaces and the host's sockets, as a recording wants it. */
export async function readEverything(session: Session): Promise<Snapshot> {
	const {engine} = await session.ready();
	const running = engine.read ? engine.value.containers.filter(container => container.pid !== null) : [];
	return session.read({containers: running.map(({id}) => id), names: [], hostSockets: true});
}
