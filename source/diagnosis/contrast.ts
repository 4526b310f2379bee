import type {DoctorFinding, Evidence} from '../model/index.js';
import type {Walked} from './examine.js';
import {originWords, requestWords, targetWords} from './request-words.js';

/**
 * What stops a request from one origin and not from another says where it is: each finding gets the requests to the same target that arrive, as
 * walked, or as sent where it was sent (`arrived`, in words).
 */
export function withContrast(findings: readonly DoctorFinding[], walked: readonly Walked[], arrived: ReadonlySet<string>): DoctorFinding[] {
	const byTarget = Map.groupBy(walked, ({request}) => targetWords(request.target));
	const targetOf = new Map(walked.map(({request}) => [requestWords(request), targetWords(request.target)]));
	return findings.map(finding => {
		if (finding.severity === 'info') return finding;
		const targets = new Set(finding.requests.flatMap(words => targetOf.get(words) ?? []));
		const others = [...targets]
			.flatMap(target => byTarget.get(target) ?? [])
			.filter(({request}) => !finding.requests.includes(requestWords(request)));
		return {...finding, evidence: [...finding.evidence, ...others.flatMap(other => contrast(other, arrived))]};
	});
}

function contrast({request, path}: Walked, arrived: ReadonlySet<string>): Evidence[] {
	const words = requestWords(request);
	const sent = arrived.has(words);
	if (!sent && path.verdict !== 'delivered') return [];
	const fact = `from ${originWords(request.origin)} the same request arrives`;
	return [{fact, source: otherOrigin, command: `dockhop ${sent ? 'probe' : 'flow'} ${words}`, certainty: sent ? 'observed' : 'inferred'}];
}

/** Source of such a fact. */
export const otherOrigin = 'another origin';
