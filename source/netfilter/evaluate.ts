import type {Frame} from './frame.js';
import type {Doubt, Effect, Match, Rule} from './model.js';

/** What a rule may come to, and the packet after it. */
export interface Possibility {
	/** Never `either`: that is several possibilities. */
	effect: Exclude<Effect, {kind: 'either'}>;
	frame: Frame;
	/** Why this is only one of several; null where it is the only one. */
	doubt: Doubt | null;
}

/** Whether the rule passes the packet by without having done anything. Fast: most rules of a walk end here. */
export function passesBy(rule: Rule, frame: Frame): boolean {
	for (const instruction of rule.instructions) {
		if (instruction.kind !== 'match') return false;
		// After a match that cannot be told, one that is definitely false still decides.
		if (instruction.test(frame) === false) return true;
	}
	return false;
}

/** The first match that fails; null where none does before the rule acts. */
export function failingMatch(rule: Rule, frame: Frame): Match | null {
	return matchesOf(rule).find(match => match.test(frame) === false) ?? null;
}

/** The conditions that a rule has before it acts. */
export function matchesOf(rule: Rule): Match[] {
	return rule.instructions.filter(instruction => instruction.kind === 'match');
}

/** Everything that may come of the rule for this packet, each once. Its instructions are done in order, as the kernel does them. */
export function possibilities(rule: Rule, frame: Frame): Possibility[] {
	const all = follow(rule, frame, 0);
	if (all.length === 1) return all;
	const distinct = new Map<string, Possibility>();
	for (const one of all) {
		const key = keyOf(one);
		if (!distinct.has(key)) distinct.set(key, one);
	}
	return [...distinct.values()];
}

function follow(rule: Rule, start: Frame, from: number): Possibility[] {
	let frame = start;
	for (let i = from; i < rule.instructions.length; i++) {
		const instruction = rule.instructions[i];
		if (instruction?.kind === 'match') {
			const truth = instruction.test(frame);
			if (truth === true) continue;
			const otherwise: Possibility = {
				effect: {kind: 'mismatch', why: `${instruction.words}: ${instruction.has(frame)}`},
				frame,
				doubt: null,
			};
			if (truth === false) return [otherwise];
			const doubt = instruction.doubt(frame);
			return doubtful([...follow(rule, frame, i + 1), otherwise], doubt);
		}
		const effect = instruction?.act(frame) ?? {kind: 'next'};
		if (effect.kind === 'next') frame = after(frame, effect);
		else if (effect.kind === 'either') {
			const here = frame;
			const all = effect.effects.flatMap(one => (one.kind === 'next' ? follow(rule, after(here, one), i + 1) : [leaf(one, here)]));
			return doubtful(all, effect.doubt);
		} else return [leaf(effect, frame)];
	}
	return [{effect: {kind: 'next'}, frame, doubt: null}];
}

function leaf(effect: Effect, frame: Frame): Possibility {
	if (effect.kind === 'either') return {effect: {kind: 'unknown', doubt: effect.doubt}, frame, doubt: null};
	return {effect, frame: effect.kind === 'mapped' ? frame.with(effect.packet) : frame, doubt: null};
}

function after(frame: Frame, {packet}: Extract<Effect, {kind: 'next'}>): Frame {
	return packet ? frame.with(packet) : frame;
}

function doubtful(all: Possibility[], doubt: Doubt): Possibility[] {
	return all.map(one => ({...one, doubt: one.doubt ?? doubt}));
}

function keyOf({effect, frame}: Possibility): string {
	const {doubt: _, why: __, packet: ___, ...what} = {doubt: null, why: null, packet: null, ...effect};
	// Matched without a verdict or passed by: the packet goes on with the next rule either way.
	const kind = effect.kind === 'mismatch' ? {kind: 'next'} : what;
	return `${JSON.stringify(kind)} ${JSON.stringify(frame.packet)}`;
}
