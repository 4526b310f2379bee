import type {DoctorFinding, Evidence, ProbeResult} from '../model/index.js';
import type {Walked} from './examine.js';
import type {Fault} from './fault.js';
import {requestWords} from './request-words.js';

/** What a real request showed that its explanation did not tell; nothing where it fared as explained, or nobody can tell. */
export function probedFindings({path, request}: Walked, result: ProbeResult): DoctorFinding[] {
	const words = requestWords(request);
	const seen: Evidence = {fact: seenWords(result), source: 'a real request', command: result.command, certainty: 'observed'};
	const found = (finding: Pick<DoctorFinding, 'id' | 'severity' | 'summary' | 'remedy'>): DoctorFinding[] => [
		{...finding, hop: null, at: null, evidence: [seen], requests: [words]},
	];
	if (result.reached === false && path.verdict !== 'blocked') {
		const expected = path.verdict === 'undetermined' ? 'could not be told, and' : 'should have arrived, but';
		return found({
			id: 'not-as-explained',
			severity: 'error',
			summary: `${words} ${expected} it did not: ${seen.fact}`,
			remedy: `dockhop trace ${words}`,
		});
	}
	if (result.reached === true && path.verdict === 'blocked')
		return found({
			id: 'not-as-explained',
			severity: 'warning',
			summary: `${words} should have been stopped, but arrived`,
			remedy: `dockhop trace ${words}`,
		});
	const status = result.httpStatus ?? 0;
	if (status < 500) return [];
	const {name} = path.to;
	return found({
		id: 'http-error',
		severity: 'warning',
		summary: `${name} answers ${words} with HTTP ${status}`,
		remedy: `docker logs --tail 50 ${name}`,
	});
}

function seenWords({error, errno, httpStatus, reached}: ProbeResult): string {
	return error ?? errno ?? (httpStatus === null ? (reached ? 'reached' : 'no answer') : `HTTP ${httpStatus}`);
}

/** The words of what only a real request shows. */
export const probedFaults: readonly Fault[] = [
	{
		id: 'not-as-explained',
		words: {
			title: 'the request fared otherwise than explained',
			about:
				'A real request was sent, and it did not fare as what was read says: something stands in its way, or lets it pass, that dockhop does not see.',
			more: ['A program of eBPF, a queue, a limit of the container, or a change between reading and asking.'],
			see: [['dockhop trace TARGET', 'what the kernel did with the request, hop by hop']],
			todo: ['Trace the request, and look at the hop where it differs.'],
		},
	},
	{
		id: 'http-error',
		words: {
			title: 'the program answers with an error of its own',
			about: 'The network is in order: the request arrived, and the program answered it with an HTTP status of 500 or more.',
			more: ['A reverse proxy says 502 or 504 where the program behind it does not answer: look at that request next.'],
			see: [['docker logs CONTAINER', 'what the program says']],
			todo: ['Look into the log of the program.'],
		},
	},
];
