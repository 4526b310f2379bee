import type {Hop, Path} from '../model/index.js';
import {decidingStep} from './hops.js';
import {pathMarks} from './marks.js';
import {causeWords} from './words/causes.js';
import {counterWords, pathVerdictWords, verdictPhrase} from './words/en.js';
import {unknownWords} from './words/unknowns.js';

/** The sentences under a request-flow table: the verdict first, then what else a person has to know. */
export function verdictLines(path: Path): string[] {
	return [
		verdictSentence(path),
		...todoLines(path),
		...alsoLines(path),
		...noteLines(path),
		...path.assumptions.map(assumptionLine),
		...path.alternatives.map(alternativeLine),
	];
}

/** "blocked at hop 5: your rule DOCKER-USER 2 drops it (12 packets so far).  See it: iptables -nvL DOCKER-USER --line-numbers" */
function verdictSentence(path: Path): string {
	const start = `${verdictPhrase(path)}: `;
	if (path.verdict === 'blocked') return start + blockedWords(path);
	if (path.verdict === 'undetermined')
		return start + undeterminedWords([...path.hops, ...(path.reply?.hops ?? [])].find(({verdict}) => verdict === 'undetermined'));
	const seenAs = path.seenAs ? `  The process sees ${path.seenAs.src} as its client.` : '';
	return `${start}${pathVerdictWords[path.verdict]}.${seenAs}`;
}

function blockedWords(path: Path): string {
	const hop = stopOf(path);
	if (!hop) return `${pathVerdictWords.blocked}.`;
	const counters = decidingStep(hop)?.counters;
	const soFar = counters && counters.packets > 0 ? ` (${counterWords(counters)} so far)` : '';
	return `${hop.says || (hop.cause ? causeWords[hop.cause].title : hop.name)}${soFar}.${seeIt(hop)}`;
}

/** The hop that stops the request; where it is the answer that stops, that is one of the way back. */
function stopOf({hops, blockedAt, lost, reply}: Path): Hop | undefined {
	const own = lost !== 'request' && reply?.verdict === 'blocked' ? reply.hops[reply.blockedAt ?? -1] : undefined;
	return own ?? hops[blockedAt ?? -1];
}

function undeterminedWords(hop: Hop | undefined): string {
	if (!hop) return `${pathVerdictWords.undetermined}.`;
	const why = hop.says || (hop.unknown ? unknownWords[hop.unknown.id].title : pathVerdictWords.undetermined);
	return `${why}.${hop.unknown?.tell ? `  To know: ${hop.unknown.tell}` : ''}`;
}

/** What the diagnosis says beyond the hop's own words, and what to do. */
function todoLines(path: Path): string[] {
	const {findings, hops, blockedAt} = path;
	return findings.flatMap(({severity, hop, summary, remedy}) => {
		if (severity !== 'error') return [];
		const said = hop === blockedAt ? stopOf(path)?.says : hop === null ? undefined : hops[hop]?.says;
		const known = said !== undefined && summary.endsWith(said);
		return [...(known ? [] : [`why: ${summary}.`]), ...(remedy ? [`to do: ${remedy}`] : [])];
	});
}

/** Past the first hop that blocks, the walk goes on as if it had passed: what else would stop the request. */
function alsoLines({hops, blockedAt, verdict, findings}: Path): string[] {
	if (verdict !== 'blocked' || blockedAt === null) return [];
	return hops.flatMap((hop, index) => {
		if (index <= blockedAt || hop.verdict !== 'blocks') return [];
		const finding = findings.find(one => one.hop === index);
		const what = finding?.summary ?? (hop.says || hop.name);
		return [`also: behind it, hop ${index + 1} would stop the request: ${what}${finding?.remedy ? `.  To do: ${finding.remedy}` : ''}`];
	});
}

/** What was noticed on the way, though it does not stop this request. */
function noteLines({hops, findings}: Path): string[] {
	const notes = findings.filter(({hop, severity}) => severity !== 'error' && (hop === null || hops[hop]?.verdict !== 'blocks'));
	return notes.map(({summary, remedy}) => `note: ${summary}.${remedy ? `  To do: ${remedy}` : ''}`);
}

function assumptionLine({text, command}: Path['assumptions'][number]): string {
	return `assumed: ${text}${command ? `  Check: ${command}` : ''}`;
}

function alternativeLine(path: Path): string {
	const asked = path.hops[0]?.packet.dst ?? path.to.address ?? path.to.name;
	return `or by ${asked}: ${pathMarks[path.verdict]} ${verdictPhrase(path)}`;
}

function seeIt(hop: Hop): string {
	return hop.command ? `  See it: ${hop.command}` : '';
}
