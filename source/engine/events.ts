import type {Readable} from 'node:stream';
import type {EngineClient} from './connect.js';
import {helperLabel} from './helper.js';

/** An event after which the inventory is another one; the ids of the containers that it is about. */
export interface EngineEvent {
	containers: string[];
}

/**
 * The engine's events about containers and networks, as they come (GET /events). Ends without an error where the engine closes the
 * stream; rejects where it fails. Aborting ends it. Events of exec and of attach, which change nothing here, are left out: dockhop's
 * own probes make some; so are those of helper containers.
 */
export async function* engineEvents(client: EngineClient, signal: AbortSignal): AsyncGenerator<EngineEvent> {
	const filters = JSON.stringify({type: ['container', 'network']});
	try {
		const stream = (await client.docker.getEvents({filters, abortSignal: signal} as object)) as Readable;
		// An abort after the answer began ends the stream itself.
		const stop = () => stream.destroy();
		signal.addEventListener('abort', stop, {once: true});
		for await (const line of lines(stream.setEncoding('utf8'))) {
			const event = eventFrom(line);
			if (event) yield event;
		}
	} catch (error) {
		if (!signal.aborted) throw error;
	}
}

/** node:readline does not end with a stream that is destroyed; this does. A line without end is cut off at a million characters. */
async function* lines(stream: AsyncIterable<string>): AsyncGenerator<string> {
	let rest = '';
	for await (const text of stream) {
		const parts = (rest + text).split('\n');
		rest = parts.pop()?.slice(0, 1_000_000) ?? '';
		yield* parts;
	}
}

interface ApiEvent {
	Type?: unknown;
	Action?: unknown;
	Actor?: {ID?: unknown; Attributes?: {container?: unknown; type?: unknown; [helperLabel]?: unknown}};
}

/** One line of the stream; null for what changes nothing, or is no event. */
export function eventFrom(line: string): EngineEvent | null {
	let event: ApiEvent;
	try {
		event = JSON.parse(line);
	} catch {
		return null;
	}
	const action =
		String(event?.Action ?? '')
			.split(':')[0]
			?.trim() ?? '';
	if (!changing.has(action) || isOfHelpers(event)) return null;
	const id = event.Type === 'container' ? event.Actor?.ID : event.Actor?.Attributes?.container;
	return {containers: typeof id === 'string' && id !== '' ? [id] : []};
}

/** A helper's own, or of the network host: what joins and leaves that starts and ends as well, which is told of itself. */
function isOfHelpers({Type, Actor: {Attributes = {}} = {}}: ApiEvent): boolean {
	return Attributes[helperLabel] !== undefined || (Type === 'network' && Attributes.type === 'host');
}

/** Actions by Docker and, where Podman uses other words, by Podman (died, remove, …). */
const changing = new Set(
	'create start restart die died stop kill oom pause unpause rename update destroy remove cleanup health_status init connect disconnect'.split(
		' ',
	),
);
