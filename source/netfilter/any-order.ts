import type {Gap} from '../model/index.js';
import {type Choice, type Fork, type Leaving, merged, type World} from './chain-walk.js';
import type {Tied} from './stages.js';
import {Trace} from './trace.js';

/** Takes the ways of a walk through one thing that happens to a packet. */
type Through<T> = (one: T, worlds: World[], trace: Trace, partial: boolean) => Leaving;

/**
 * Takes every way of the walk through things of equal priority, in each order in which they may stand: those of a line one after another,
 * lines in between each other. Where that makes no difference it is forgotten.
 */
export function inAnyOrder<T>(tie: Tied<T>, worlds: World[], trace: Trace, partial: boolean, through: Through<T>): Leaving {
	return withoutEffect(tie.lines, worlds, trace, partial, through) ?? inEachOrder(tie, worlds, trace, partial, through);
}

/** What leaves every packet as it is does so in any order. null where something does not. */
function withoutEffect<T>(lines: readonly T[][], worlds: World[], trace: Trace, partial: boolean, through: Through<T>): Leaving | null {
	const frames = new Set(worlds.map(({frame}) => frame));
	const alone = new Trace();
	for (const one of lines.flat()) {
		const {accepted, mapped, stops} = through(one, worlds, alone, partial);
		const after = merged(accepted, []);
		const same = after.length === worlds.length && after.every(({frame}) => frames.has(frame));
		if (!same || mapped.length + stops.length > 0) return null;
	}
	trace.anyOf([alone]);
	return {accepted: worlds, mapped: [], stops: []};
}

/** Some of the chains are behind the packet, whichever of them was the first. */
interface Midway {
	/** How many of each line. */
	passed: readonly number[];
	worlds: World[];
	/** In some order the packet does not come as far as this. */
	partial: boolean;
}

function inEachOrder<T>({lines, doubt}: Tied<T>, worlds: World[], trace: Trace, partial: boolean, through: Through<T>): Leaving {
	if (lines.reduce((product, line) => product * (line.length + 1), 1) > mostMidways) return tooMany(worlds, doubt);
	const walks = new Map<T, Trace[]>(lines.flat().map(one => [one, []]));
	const leaving: Leaving = {accepted: [], mapped: [], stops: []};
	let midways: Midway[] = [{passed: lines.map(() => 0), worlds, partial}];
	for (let step = 0; step < walks.size; step++) {
		const next = new Map<string, Midway>();
		for (const midway of midways) {
			const ahead = lines.flatMap((line, index) =>
				line
					.slice(midway.passed[index])
					.slice(0, 1)
					.map(one => ({one, index})),
			);
			const fork: Fork = {between: ahead.length};
			for (const {one, index} of ahead) {
				const walk = new Trace();
				walks.get(one)?.push(walk);
				const here = fork.between === 1 ? midway.worlds : midway.worlds.map(world => forked(world, {at: fork, branch: index, gap: doubt}));
				const out = here.length === 0 ? nothing : through(one, here, walk, midway.partial);
				leaving.mapped.push(...out.mapped);
				leaving.stops.push(...out.stops);
				const passed = midway.passed.map((count, line) => (line === index ? count + 1 : count));
				const known = next.get(passed.join()) ?? {passed, worlds: [], partial: false};
				const lost = midway.partial || out.mapped.length + out.stops.length > 0;
				next.set(passed.join(), {passed, worlds: merged(known.worlds, out.accepted), partial: known.partial || lost});
			}
		}
		midways = [...next.values()];
	}
	for (const list of walks.values()) trace.anyOf(list);
	leaving.accepted.push(...midways.flatMap(midway => midway.worlds));
	return leaving;
}

function forked(world: World, choice: Omit<Choice, 'before'>): World {
	return {...world, choices: {...choice, before: world.choices}};
}

const nothing: Leaving = {accepted: [], mapped: [], stops: []};
const mostMidways = 256;

function tooMany(worlds: World[], gap: Gap): Leaving {
	return {...nothing, stops: worlds.map(world => ({world, verdict: 'undetermined', step: null, gap}))};
}
