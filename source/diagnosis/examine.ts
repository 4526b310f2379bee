import type {DoctorFinding, Finding, NotChecked, Path, Snapshot} from '../model/index.js';
import {withContrast} from './contrast.js';
import {faults} from './faults.js';
import {requestWords} from './request-words.js';
import type {Round} from './rounds.js';
import {uncheckedPaths, unreadGroups} from './unchecked.js';

/** A round with the path that was explained for it. */
export interface Walked extends Round {
	path: Path;
}

/** What real requests showed: what it means, and which of them arrived, in words. */
export interface Probed {
	findings: DoctorFinding[];
	arrived: string[];
}

/**
 * Everything that is wrong on a host, as its facts, the paths of these rounds and what real requests showed tell it: each fault once, the
 * worst first.
 */
export function examine(
	snapshot: Snapshot,
	walked: readonly Walked[],
	probed: Probed = {findings: [], arrived: []},
): {findings: DoctorFinding[]; notChecked: NotChecked[]} {
	const onPaths = walked.flatMap(round => [...round.path.findings.map(finding => placed(finding, round)), ...otherFamily(round)]);
	const onHost = faults
		.flatMap(fault => fault.onHost?.(snapshot) ?? [])
		.map((finding): DoctorFinding => ({...finding, at: null, requests: []}));
	const unread = unreadGroups(snapshot);
	// A path that could not be told because of a group that was not read adds nothing to it.
	const isSaid = (why: string) => [...unread.reasons].some(reason => why.endsWith(reason));
	const untold = uncheckedPaths(walked.map(({path}) => path)).filter(({why}) => !isSaid(why));
	const all = merged([...onHost, ...onPaths, ...probed.findings]);
	return {findings: withContrast(all, walked, new Set(probed.arrived)), notChecked: [...unread.notChecked, ...untold]};
}

/**
 * The port is also published at another address (IPv6), and a rule stops the request there: worth a line, no alarm, because firewalls that
 * let nothing in over IPv6 are usual.
 */
function otherFamily(round: Walked): DoctorFinding[] {
	if (round.path.verdict === 'blocked') return [];
	return round.path.alternatives.flatMap(path => {
		const [finding] = path.findings.filter(({id, severity}) => severity === 'error' && firewallCauses.has(id));
		const {dst} = path.hops[0]?.packet ?? {dst: ''};
		return finding ? [{...placed({...finding, severity: 'info', summary: `at ${dst}: ${finding.summary}`}, {...round, path})}] : [];
	});
}

const firewallCauses = new Set(['dropped', 'rejected', 'dropped-or-rejected', 'policy-drop', 'forwarding-off']);

/** What stops a request that leads outwards may be wanted so: a warning, no error. */
function placed(finding: Finding, {path, request, aim}: Walked): DoctorFinding {
	const hop = finding.hop === null ? undefined : path.hops[finding.hop];
	const at = hop ? {kind: hop.kind, where: hop.where, of: hop.of, name: hop.name} : null;
	const severity = aim === 'outwards' && finding.severity === 'error' ? 'warning' : finding.severity;
	return {...finding, severity, at, requests: [requestWords(request)]};
}

/** One fault is one finding, on however many ways it lies: what says the same is the same. The gravest says how grave. */
function merged(findings: DoctorFinding[]): DoctorFinding[] {
	const groups = Map.groupBy(findings, ({id, summary}) => JSON.stringify([id, summary]));
	const all = [...groups.values()].flatMap(group => {
		const [gravest] = group.toSorted((a, b) => rank(a) - rank(b));
		const onPath = group.find(({at}) => at !== null);
		if (!gravest) return [];
		const {hop = null, at = null} = onPath ?? {};
		return [{...gravest, hop, at, requests: [...new Set(group.flatMap(({requests}) => requests))]}];
	});
	return all.toSorted((a, b) => rank(a) - rank(b));
}

function rank({severity}: DoctorFinding): number {
	return severities.indexOf(severity);
}

const severities = ['error', 'warning', 'info'] as const;
