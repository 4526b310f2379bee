import type {Gap, Step} from '../../model/index.js';
import type {IpSet} from '../ipset.js';

/** What the words of a rule are read against. */
export interface XtContext {
	family: 'ip' | 'ip6';
	backend: Step['backend'];
	table: string;
	/** Chains of the same table: a target of such a name is a jump. */
	chains: ReadonlySet<string>;
	ipsets: ReadonlyMap<string, IpSet>;
	/** Why there are no ipsets; null where they were read. */
	ipsetGap: Gap | null;
}
