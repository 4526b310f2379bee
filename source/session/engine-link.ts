import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Choice, connect, type EngineClient, engineEvents, findEndpoint, type Inventory, pace, readInventory} from '../engine/index.js';
import type {Engine} from '../model/index.js';
import {lostEngine, noAddress} from './lost.js';
import {mailbox} from './mailbox.js';
import {nextLook} from './next-look.js';
import type {EngineError} from './session.js';

/** What the link to the engine tells while it lives. */
export interface LinkListener {
	/** What the engine's lists alone say, before a first inventory is there. */
	listed?(engine: Engine): void;
	/** Where a list is all that is wanted: which processes the containers have. */
	pids?(): Record<string, number>;
	/** A new inventory. The next change waits until this is done. */
	inventory(inventory: Inventory, client: EngineClient): Promise<void>;
	/** Lost, or never reached; the time of the next try. */
	lost(error: EngineError, nextTry: Date): void;
}

/**
 * Keeps to one engine: finds it, reads its inventory, listens to its events and reads again what they changed. Where it is lost, it
 * tries again after 0.5, 1, 2, 4 … at most 15 seconds. While it is connected nothing polls; only after the start of a container it is read a
 * few times more. `once`: it is read, and then again only when it is asked for (`again`).
 */
export function linkEngine(choice: Choice, listener: LinkListener, once = false): {again(): void; close(): void} {
	const closed = new AbortController();
	const link: Link = {once, again: () => {}};
	void keepTrying(choice, listener, link, closed.signal);
	return {again: () => link.again(), close: () => closed.abort()};
}

interface Link {
	once: boolean;
	again(): void;
}

async function keepTrying(choice: Choice, listener: LinkListener, link: Link, closed: AbortSignal): Promise<void> {
	for (let failures = 0; !closed.aborted; failures++) {
		const error = await stayConnected(choice, listener, link, closed, () => {
			failures = 0;
		});
		if (closed.aborted) return;
		const wait = Math.min(500 * 2 ** failures, 15_000);
		listener.lost(error, new Date(Date.now() + wait));
		const woken = new AbortController();
		link.again = () => woken.abort();
		await sleep(wait, undefined, {signal: AbortSignal.any([closed, woken.signal])}).catch(() => {});
	}
}

/** One connection from its beginning to its end; gives why it ended. */
async function stayConnected(
	choice: Choice,
	listener: LinkListener,
	link: Link,
	closed: AbortSignal,
	connected: () => void,
): Promise<EngineError> {
	const address = await findEndpoint(choice);
	if ('problem' in address) return noAddress(address);
	const client = connect(address);
	const changes = mailbox();
	const paced = pace<string[]>(lists => changes.post(false, lists.flat()));
	link.again = () => changes.post(true, []);
	// Listened to before the inventory is read, so that no change falls between the two.
	const end = link.once ? untilClosed(closed) : eventsUntilTheEnd(client, paced.add, closed);
	end.catch(() => {});
	let {listed} = listener;
	let look: NodeJS.Timeout | undefined;
	try {
		for (let before: Inventory | undefined, changed = new Set<string>(); ; ) {
			const inventory = await Promise.race([
				readInventory(client, {before, changed, listed: listed && (engine => listed?.(engine)), pids: listener.pids}),
				end,
			]);
			listed = undefined;
			connected();
			await listener.inventory(inventory, client);
			const wait = link.once ? null : nextLook(inventory.engine.containers, Date.now());
			if (wait !== null) look = setTimeout(() => changes.post(false, []), wait);
			const change = await Promise.race([changes.next(), end]);
			clearTimeout(look);
			before = change.all ? undefined : inventory;
			changed = change.containers;
		}
	} catch (error) {
		listed = undefined;
		return await lostEngine(error, address);
	} finally {
		clearTimeout(look);
		paced.stop();
		client.close();
	}
}

async function untilClosed(closed: AbortSignal): Promise<never> {
	if (!closed.aborted) await once(closed, 'abort');
	throw new Error('dockhop closes');
}

/**
 * Never resolves: rejects when the engine ends the stream, or dockhop closes. An engine behind a proxy that forbids events is asked
 * all the same; what changes there is seen only when all is read again.
 */
async function eventsUntilTheEnd(client: EngineClient, add: (containers: string[]) => void, closed: AbortSignal): Promise<never> {
	try {
		for await (const event of engineEvents(client, closed)) add(event.containers);
	} catch (error) {
		if ((error as {statusCode?: number}).statusCode === undefined) throw error;
		await untilClosed(closed);
	}
	throw Object.assign(new Error('the engine ended the connection'), {code: 'ECONNRESET'});
}
