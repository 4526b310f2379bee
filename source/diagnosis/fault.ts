import type {Evidence, Finding, Path, Snapshot} from '../model/index.js';
import type {Stop} from './stop.js';

/** What a fault says where it speaks. */
export interface Saying {
	/** One sentence without a full stop. */
	summary: string;
	/** A command or a line of configuration that mends it. */
	remedy: string;
	/** Facts beside those of the hop. */
	evidence?: Evidence[];
}

/** A fault whose cause and remedy are known better than the hop alone tells. */
export interface Fault {
	/** Stable; the page is docs/findings/ID.md. */
	id: string;
	/** Null where the id is a cause's, which has a page of its own. */
	words: {title: string; about: string; more: string[]; see: [command: string, shows: string][]; todo: string[]} | null;
	/** About a hop that stops a request; null where the evidence is not this fault's. */
	atStop?(stop: Stop): Saying | null;
	/** About a whole path, also one that is not blocked. */
	onPath?(snapshot: Snapshot, path: Path): Finding[];
	/** About the host, whatever is asked. */
	onHost?(snapshot: Snapshot): Finding[];
}
