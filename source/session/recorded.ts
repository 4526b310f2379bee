import {type Gap, type Needs, type Snapshot, type Trace, unreadContainer} from '../model/index.js';
import {demoText, load, parseRecording, RecordingError} from '../recording/index.js';
import {withReadings} from '../snapshot/index.js';
import {recordedTrace, whyNoTrace} from './recorded-trace.js';
import {EngineError, type Session, type SessionState} from './session.js';
import {stateStore, when} from './store.js';

/** A session on a recording: the same face, and nothing but what the file holds. */
export function recordedSession(path: string): Session {
	return replay('replay', path, () => load(path));
}

/** A session on the recording that comes with dockhop. */
export function demoSession(): Session {
	const name = 'the demo recording';
	return replay('demo', name, async () => {
		const text = await demoText();
		if (text !== null) return parseRecording(text, name);
		throw new RecordingError('the demo recording is not there: the folder demo/ of the package is missing');
	});
}

function replay(kind: 'demo' | 'replay', what: string, read: () => Promise<Snapshot>): Session {
	const store = stateStore({snapshot: null, link: {kind: 'connecting'}, reading: true});
	let failed: EngineError | null = null;
	const start = async () => {
		try {
			store.set({snapshot: await read(), link: {kind: 'connected'}, reading: false});
		} catch (error) {
			failed = unreadable(what, error);
			const {message: reason, tried, advice} = failed;
			store.set({link: {kind: 'lost', since: new Date().toISOString(), reason, tried, advice, nextTry: null}, reading: false});
		}
	};
	void start();
	const ready = () =>
		when(store, ({snapshot}) => {
			if (failed) throw failed;
			return snapshot ?? undefined;
		});
	return {
		kind,
		state: store.get,
		subscribe: store.subscribe,
		ready,
		read: async needs => withGaps(await ready(), needs),
		refresh: async () => {},
		whyNoProbe: 'a recording cannot be probed',
		probe: () => Promise.reject(new Error('a recording cannot be probed')),
		whyNoTrace: plan => whyNoTrace(plan, tracesOf(store.get())),
		async trace(plan, signal) {
			signal.throwIfAborted();
			const traces = (await ready()).traces ?? [];
			const found = recordedTrace(plan, traces);
			if (!found) throw new Error(whyNoTrace(plan, traces) ?? '');
			return found;
		},
		watch: () => Promise.reject(new Error('a recording has no requests that come')),
		shell: async () => ({whyNot: 'a recording has no network namespace to enter'}),
		withoutEngine: () => null,
		programs: async () => [],
		close: async () => {},
	};
}

function tracesOf({snapshot}: SessionState): Trace[] {
	return snapshot?.traces ?? [];
}

/** Containers that the recording lacks are gaps; so are its names, of which an answer that is missing tells nothing. */
function withGaps(snapshot: Snapshot, needs: Needs): Snapshot {
	const missing = needs.containers.filter(id => !snapshot.containers[id]);
	const {sockets: own} = snapshot.host;
	const sockets =
		needs.hostSockets && !own.read && own.gap.id === 'not-read' ? {hostSockets: {read: false, gap: notRecorded} as const} : {};
	return withReadings(snapshot, {containers: Object.fromEntries(missing.map(id => [id, unreadContainer(notRecorded)])), ...sockets});
}

const notRecorded: Gap = {id: 'not-recorded', why: 'the recording was made without it', tell: 'dockhop record FILE, as root'};

function unreadable(what: string, error: unknown): EngineError {
	const message = error instanceof RecordingError ? error.message : `${what} cannot be read: ${String(error)}`;
	const gap: Gap = {id: 'read-failed', why: message, tell: 'dockhop record FILE writes a recording'};
	return new EngineError(message, [{what: '--replay', result: message}], [gap.tell], gap);
}
