import type {Trace} from '../model/index.js';
import {saveNew} from '../recording/index.js';
import type {Session} from './session.js';

/**
 * Writes what can be read now, every container included, and these traces into a new file of that folder, as `dockhop record` does: readable by its
 * owner alone, without secrets. Gives a line that says where. Rejects with the session's or the file system's error.
 */
export async function writeRecording(session: Session, traces: readonly Trace[], folder: string): Promise<string> {
	// What follows the engine's events was read when they came: rules and routes may have changed since.
	await session.refresh();
	const {engine} = await session.ready();
	const containers = engine.read ? engine.value.containers : [];
	const snapshot = await session.read({containers: containers.map(({id}) => id), names: [], hostSockets: true});
	const time = snapshot.takenAt.replace(/\..*$/, '').replace(/[^\dT]/g, '');
	const name = `dockhop-${snapshot.hostName.replace(/[^\w.-]/g, '_')}-${time}`;
	const path = await saveNew(traces.length > 0 ? {...snapshot, traces: [...traces]} : snapshot, folder, name);
	const held = traces.length === 0 ? '' : `, with ${traces.length} ${traces.length === 1 ? 'trace' : 'traces'}`;
	return `wrote ${path}${held}: dockhop --replay shows it`;
}
