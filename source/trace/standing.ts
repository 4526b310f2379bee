import {handedRights} from '../kernel/capabilities.js';
import type {Netns} from '../kernel/identity.js';
import type {Gap} from '../model/index.js';
import type {ProbeContext} from '../probe/context.js';
import {placeOf} from '../probe/place.js';
import {splitDoor} from '../process/start.js';

/** From where one place of a trace is looked at. */
export interface Standing extends Netns {
	/** Programs may be started in it. */
	enters: boolean;
	/** Why its packets, and its rules and connections, are not for us to see; null: they are. */
	packets: Gap | null;
	rules: Gap | null;
}

/**
 * How a place is looked at, or why not at all. Root enters every namespace. Others see of the host what their capabilities grant to the programs that
 * they start, and of containers what everybody may read under /proc.
 */
export async function standingAt(key: string, {snapshot}: ProbeContext): Promise<Standing | {gap: Gap}> {
	const {kind, enter, words} = snapshot.vantage;
	if (kind === 'none') return {gap: {id: 'other-namespace', why: words, tell: 'run dockhop on the host of the engine'}};
	const all = {enters: true, packets: null, rules: null};
	if (key === 'host') {
		// With a namespace in front, the host is that of the process whose namespace is entered: nsenter -t PID -n.
		const here = {enter, pid: Number(/ -t (\d+) /.exec(` ${enter.join(' ')} `)?.[1]) || ('self' as const)};
		if (kind === 'root') return {...here, ...all};
		const {netAdmin, netRaw} = await handedRights();
		return {
			...here,
			...all,
			packets: netRaw ? null : forRoot('packets', 'CAP_NET_RAW'),
			rules: netAdmin ? null : forRoot('rules', 'CAP_NET_ADMIN'),
		};
	}
	const place = await placeOf(key, snapshot);
	if ('whyNot' in place) return {gap: {id: 'not-read', why: place.whyNot, tell: 'docker ps -a'}};
	const {pid} = place;
	if (kind === 'root') return {enter: [...splitDoor(enter).door, 'nsenter', `--net=/proc/${pid}/ns/net`], pid, ...all};
	const inside: Gap = {id: 'no-permission', why: "only root may look into a container's namespace", tell};
	return {enter: [], pid, enters: false, packets: inside, rules: inside};
}

function forRoot(what: string, capability: string): Gap {
	return {id: 'no-permission', why: `only root, or who has ${capability}, may trace ${what}`, tell};
}

const tell = 'sudo dockhop, or dockhop --helper IMAGE';
