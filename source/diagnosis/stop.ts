import type {Hop, Path, Snapshot, Step} from '../model/index.js';
import {quote} from '../text/quote.js';
import {containerNamed} from './inventory.js';

/** A hop that stops a request, and what a fault may ask about it. */
export interface Stop {
	snapshot: Snapshot;
	path: Path;
	hop: Hop;
	/** Index into the path's hops: where the request, or its answer, stops on the request's own way. */
	index: number;
	/** What stops it first; the others only would, if that were mended. */
	decides: boolean;
	/** It is the answer (or a later packet) that stops. */
	lost: 'request' | 'answer' | 'later';
}

/**
 * Every hop of a path that blocks, what decides first. Of a path that cannot be told only its end: whichever way the request takes, nobody
 * answers it there.
 */
export function stopsOf(snapshot: Snapshot, path: Path): Stop[] {
	if (path.verdict === 'undetermined') return endsOf(snapshot, path);
	if (path.verdict !== 'blocked' || path.blockedAt === null) return [];
	const at = path.blockedAt;
	const lost = path.lost ?? 'request';
	const back = path.reply?.verdict === 'blocked' ? path.reply.hops[path.reply.blockedAt ?? -1] : undefined;
	const deciding = lost === 'answer' && back ? back : path.hops[at];
	const first = deciding ? [{snapshot, path, hop: deciding, index: at, decides: true, lost}] : [];
	const others = path.hops.flatMap((hop, index): Stop[] =>
		hop.verdict === 'blocks' && index !== at && !isAstray(path, at, index)
			? [{snapshot, path, hop, index, decides: false, lost: 'request'}]
			: [],
	);
	return [...first, ...others];
}

/** Behind a wrong turn the request meets what it would not meet on its right way; only its target is the same on both. */
function isAstray({hops, to}: Path, at: number, index: number): boolean {
	return hops[at]?.cause === 'misrouted' && index > at && (to.kind !== 'container' || hops[index]?.of !== to.name);
}

function endsOf(snapshot: Snapshot, path: Path): Stop[] {
	const target = path.to.kind === 'container' ? path.to.name : null;
	return path.hops.flatMap((hop, index): Stop[] => {
		const isEnd = (hop.kind === 'port' || hop.kind === 'process') && hop.of !== null && hop.of === target;
		return isEnd && hop.verdict === 'blocks' ? [{snapshot, path, hop, index, decides: false, lost: 'request'}] : [];
	});
}

/** A command as it is typed for the namespace that a hop is in. */
export function inNamespace({snapshot, hop}: Pick<Stop, 'snapshot' | 'hop'>, ...argv: string[]): string {
	const pid = hop.where === 'container' || hop.where === 'process' ? containerNamed(snapshot, hop.of)?.pid : null;
	return quote(hop.of !== null && pid ? ['nsenter', '-t', String(pid), '-n', ...argv] : argv);
}

/** Takes a rule away, in the words of the program that it belongs to. */
export function withoutRule(place: Pick<Stop, 'snapshot' | 'hop'>, {family, backend, table, chain, rule, handle}: Step): string {
	if (backend !== 'nft') {
		const program = `${family === 'ip6' ? 'ip6tables' : 'iptables'}${backend === 'iptables-legacy' ? '-legacy' : ''}`;
		return inNamespace(place, program, '-t', table, '-D', chain, String(rule));
	}
	if (handle === null) return `take rule ${rule} out of ${table} ${chain}`;
	return inNamespace(place, 'nft', 'delete', 'rule', family, table, chain, 'handle', String(handle));
}

/** The rule (or policy) that throws the packet away, the first of those that may be it; null where it was no rule. */
export function droppingStep({steps}: Hop): Step | null {
	const stopping = steps.filter(step => step.matched !== false && /drop|reject/i.test(step.verdict ?? ''));
	return stopping.findLast(step => step.matched === true) ?? stopping[0] ?? null;
}
