import {type EngineClient, type Helper, NoHelper, startHelper} from '../engine/index.js';
import type {HelperDoor} from '../kernel/vantage.js';
import {openDoor} from '../process/start.js';
import {clean} from '../text/clean.js';
import {HelperError} from './session.js';

export interface HelperWish {
	image: string;
	/** After so long it ends by itself. */
	seconds: number;
	/** Tells a person what happens meanwhile. */
	note(line: string): void;
}

/** The helper container of one session: started when it is first needed, again where it has gone, removed with the session. */
export function helperFor({image, seconds, note}: HelperWish): {open(client: EngineClient): Promise<HelperDoor>; close(): Promise<void>} {
	let current: Promise<{helper: Helper; door: ReturnType<typeof openDoor>}> | null = null;
	let closed = false;
	const begin = async (client: EngineClient) => {
		const begins = () => note(`starting a privileged helper container of ${image}; it ends with dockhop`);
		const helper = await startHelper(client, image, seconds, begins).catch((error: unknown) => {
			throw error instanceof NoHelper ? refused(image, error) : error;
		});
		if (helper.removed > 0)
			note(`removed ${helper.removed} helper ${helper.removed === 1 ? 'container' : 'containers'} of sessions that had ended`);
		return {helper, door: openDoor(helper.start)};
	};
	return {
		async open(client) {
			if (closed) throw new Error('dockhop ends');
			const known = await current?.catch(() => null);
			if (!known?.helper.alive) {
				known?.door.close();
				current = begin(client);
			}
			const {helper, door} = await (current as NonNullable<typeof current>);
			if (closed) await helper.stop();
			return {word: door.word, image, pid: helper.pid};
		},
		async close() {
			closed = true;
			const known = await current?.catch(() => null);
			known?.door.close();
			await known?.helper.stop();
		},
	};
}

function refused(image: string, {message, advice}: NoHelper): HelperError {
	const words = `--helper ${clean(image, 120)}: ${message}`;
	return new HelperError(words, [{what: '--helper', result: message}], [advice], {id: 'no-engine', why: words, tell: advice});
}
