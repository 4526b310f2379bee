import type {Finding, FlowRequest, Path, Snapshot} from '../model/index.js';
import {explain} from '../path/explain.js';
import type {Explanation, Usage} from '../path/explanation.js';
import {diagnose} from './diagnose.js';
import {afterCommand} from './trial.js';

/** Explains one request, as `explain` does, with the findings on its path and on each alternative. */
export function conclude(snapshot: Snapshot, request: FlowRequest, timeoutSeconds?: number): Explanation | Usage {
	const explanation = explain(snapshot, request, timeoutSeconds);
	if ('usage' in explanation) return explanation;
	const {path} = explanation;
	const all = diagnose(snapshot, path).map(finding => tried(snapshot, request, path, finding));
	const [first] = all;
	// What the first one's remedy mends as well is no fault of its own.
	const findings = all.filter(one => one === first || one.id !== first?.id || !first.remedy.split(' && ').includes(one.remedy));
	return {
		...explanation,
		path: {...path, findings, alternatives: path.alternatives.map(one => ({...one, findings: diagnose(snapshot, one)}))},
	};
}

/**
 * The finding that decides, its remedy walked where its effect is known: what stops the same request only then (its answer, a check that was not
 * reached) belongs to the remedy. What was known to stop it further on has a finding of its own.
 */
function tried(snapshot: Snapshot, request: FlowRequest, path: Path, finding: Finding): Finding {
	if (finding.severity !== 'error' || path.verdict !== 'blocked') return finding;
	const remedies = [finding.remedy];
	let changed = snapshot;
	for (let more = 0; more < most; more++) {
		const next = afterCommand(changed, remedies.at(-1) ?? '');
		const again = next && explain(next, request);
		if (!again || 'usage' in again || again.path.verdict !== 'blocked') break;
		const [stop] = diagnose(next, again.path);
		const hop = stop?.hop == null ? undefined : again.path.hops[stop.hop];
		// The same rule, met again by another packet of the request, is the same fault.
		const known =
			again.path.lost === 'request' &&
			hop?.says !== path.hops[finding.hop ?? -1]?.says &&
			path.hops.some(one => one.verdict === 'blocks' && one.says === hop?.says);
		if (!stop || known || remedies.includes(stop.remedy) || !isCommand(stop.remedy)) break;
		remedies.push(stop.remedy);
		changed = next;
	}
	return {...finding, remedy: remedies.join(' && ')};
}

/** Only what can be run as it stands is put behind another command. */
function isCommand(text: string): boolean {
	const [program = ''] = text.split(' ');
	return programs.has(program) && !/[…#]|\b(NETWORK|GATEWAY|ADDRESS|RANGE|CONTAINER|PID|BRIDGE)\b/.test(text);
}

const programs = new Set([
	'ip',
	'iptables',
	'ip6tables',
	'iptables-legacy',
	'ip6tables-legacy',
	'sysctl',
	'nft',
	'bridge',
	'docker',
	'nsenter',
]);

/** Rules that stand one behind the other: more than a few are no remedy. */
const most = 3;
