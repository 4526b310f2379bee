import {fileURLToPath} from 'node:url';
import {conclude} from '../../source/diagnosis/conclude.js';
import type {Path, Snapshot} from '../../source/model/index.js';
import {parseOrigin} from '../../source/path/origin.js';
import {parseTarget} from '../../source/path/target.js';
import {load} from '../../source/recording/index.js';
import {fitting} from '../netfilter/dump.js';

/** A recording of scene six on one engine: what was read of a real host. */
export function recorded(engine: string): Promise<Snapshot> {
	const known = recordings.get(engine) ?? load(fileURLToPath(new URL(`../recordings/six-${engine}.json`, import.meta.url)));
	recordings.set(engine, known);
	return known;
}

/** Each is read once: nobody changes a snapshot, and its rules are parsed once for all who ask the same one. */
const recordings = new Map<string, Promise<Snapshot>>();

/** The path of one request, written as on the command line, with its findings. Throws where it cannot be asked. */
export function pathOn(snapshot: Snapshot, target: string, from: string): Path {
	const request = {target: parseTarget(target), origin: parseOrigin(from), family: null};
	if ('usage' in request.target) throw new Error(request.target.usage);
	if ('usage' in request.origin) throw new Error(request.origin.usage);
	const explanation = conclude(snapshot, {...request, target: request.target, origin: request.origin});
	if ('usage' in explanation) throw new Error(explanation.usage);
	return explanation.path;
}

/** The same host with one rule more, as `iptables -t TABLE -I` would put it in front of its chain. */
export function withRule(snapshot: Snapshot, rule: string, table = 'filter'): Snapshot {
	return withRules(snapshot, text => text.replace(new RegExp(`(?<=^\\*${table}\\n(?::.*\\n)+)(?!:)`, 'm'), `[0:0] ${rule}\n`));
}

/** The same host with its IPv4 rules changed. Throws where the change changed nothing. */
export function withRules(snapshot: Snapshot, change: (text: string) => string): Snapshot {
	const {rulesets} = snapshot.host;
	const {iptables} = rulesets;
	const value = iptables.read ? change(iptables.value) : '';
	if (!iptables.read || value === iptables.value) throw new Error('no rule was changed');
	return {...snapshot, host: {...snapshot.host, rulesets: fitting({...rulesets, iptables: {...iptables, value}})}};
}
