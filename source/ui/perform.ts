import type {FlowRequest, ProbePlan, Snapshot, Trace} from '../model/index.js';
import type {Explanation, Usage} from '../path/explanation.js';
import {flowLines} from '../rows/flow-text.js';
import {traceLines} from '../rows/trace-text.js';
import {flowTitle} from '../rows/words/en.js';
import type {Session} from '../session/session.js';
import type {Effect, Intent} from './keys/intent.js';
import {everySecond} from './seconds.js';
import {senderName} from './state/sender-name.js';
import {standInFor, standInWords} from './state/stand-in.js';
import type {Store} from './store.js';
import {createTracer, type TraceWorld} from './tracer.js';

/** What the effects need of the world. */
export interface World extends TraceWorld {
	/** Explains a request, reading for it what is needed. */
	follow(session: Session, request: FlowRequest): Promise<{snapshot: Snapshot; explanation: Explanation | Usage}>;
	copy(text: string): void;
	/** Writes a recording with these traces; gives a line that says where. */
	record(session: Session, traces: readonly Trace[]): Promise<string>;
	suspend(): void;
	/** Lends the terminal to a program until it ends. Rejects where it cannot be started. */
	lend(argv: readonly string[], words: string): Promise<void>;
	quit(code: number, leave: readonly string[]): void;
	/** Goes on with the demo recording instead. */
	demo(): void;
}

export interface Performer {
	perform(effect: Effect): void;
	/** The session has changed: shows it, and explains the open request anew. */
	sessionChanged(): void;
	stop(): void;
}

/** Whether a part of an intent is for the world outside (else it changes the state). */
export function isEffect(part: Intent[number]): part is Effect {
	return effects.has(part.type);
}

/** Carries out the effects and tells the store what came of them. Nothing here rejects: a failure is a line on the screen. */
export function createPerformer(store: Store, world: World): Performer {
	const {session} = world;
	let following = false;
	/** When the snapshot was taken that the shown path rests on. */
	let explained: string | null = null;
	let probing: AbortController | null = null;
	let probes = 0;
	const tracer = createTracer(store, world, request => void follow(request));

	return {
		perform(effect) {
			switch (effect.type) {
				case 'follow':
					// One that is asked for anew is no longer the traced one.
					tracer.cancel();
					return void follow(effect.request);
				case 'probe':
					return void probe(effect.plan);
				case 'probeRequest':
					return void probeRequest(effect.request);
				case 'cancelProbe':
					return probing?.abort();
				case 'trace':
					return void tracer.trace(effect.request, effect.anybody);
				case 'cancelTrace':
					return tracer.cancel();
				case 'refresh':
					return void session.refresh().catch(noted);
				case 'demo':
					return world.demo();
				case 'copy':
					return copied(effect.text, effect.what);
				case 'copyPath':
					return copied(pathText(effect.path).join('\n'), 'the path as text');
				case 'shell':
					return void shell(effect.container, effect.name);
				case 'record':
					return void world.record(session, tracer.gathered()).then(noted, error => noted(`no recording: ${messageOf(error)}`));
				case 'suspend':
					return world.suspend();
				case 'quit':
					return world.quit(effect.code, effect.leave ? pathText(effect.leave) : []);
			}
		},
		sessionChanged() {
			store.dispatch({type: 'sessionChanged', session: session.state()});
			followNews();
		},
		stop() {
			probing?.abort();
			tracer.cancel();
		},
	};

	/** Explains the open request anew where it rests on an older snapshot. What is read for the request itself makes no new one. */
	function followNews(): void {
		const {snapshot, reading} = session.state();
		const {request} = store.state().flow;
		if (request && snapshot && snapshot.takenAt !== explained && !following && !reading) void follow(request);
	}

	function takenAt(): string | null {
		return session.state().snapshot?.takenAt ?? null;
	}

	async function follow(request: FlowRequest): Promise<void> {
		following = true;
		const begun = takenAt();
		if (store.state().flow.explanation) store.dispatch({type: 'askedAgain'});
		try {
			const {snapshot, explanation} = await world.follow(session, request);
			explained = snapshot.takenAt;
			if ('usage' in explanation) store.dispatch({type: 'refused', request, usage: explanation.usage});
			else {
				store.dispatch({type: 'explained', request, explanation});
				await planStandIn(request, explanation);
			}
		} catch (error) {
			store.dispatch({type: 'refused', request, usage: messageOf(error)});
			explained = takenAt();
		} finally {
			following = false;
		}
		// What changed meanwhile was not looked at.
		if (takenAt() !== begun) followNews();
	}

	/** On a flow from the LAN: what can be sent instead. */
	async function planStandIn(request: FlowRequest, {path}: Explanation): Promise<void> {
		const instead = session.whyNoProbe === null ? standInFor(request, path) : null;
		if (!instead) return;
		const {explanation} = await world.follow(session, instead);
		if ('usage' in explanation) return;
		const {probe: plan} = explanation;
		store.dispatch({type: 'planned', request, probe: 'whyNot' in plan ? plan : {...plan, standsInFor: standInWords}});
	}

	async function probeRequest(request: FlowRequest): Promise<void> {
		try {
			const {explanation} = await world.follow(session, request);
			if ('usage' in explanation) return noted(explanation.usage);
			if ('whyNot' in explanation.probe) return noted(explanation.probe.whyNot);
			await probe(explanation.probe);
		} catch (error) {
			noted(error);
		}
	}

	async function probe(planned: ProbePlan): Promise<void> {
		const plan = {...planned, timeoutSeconds: world.timeoutSeconds};
		const id = String(++probes);
		const started = world.now();
		const control = new AbortController();
		probing = control;
		const [from, shown] = [senderName(session.state().snapshot, plan), store.state().flow.request];
		store.dispatch({type: 'probeStarted', id, plan, from, shown, at: started.toISOString()});
		const stopTicking = everySecond(world.now, started, seconds => store.dispatch({type: 'probeTicked', id, seconds}));
		try {
			const result = await session.probe(plan, control.signal);
			store.dispatch({type: 'probeEnded', id, outcome: {kind: 'done', result}});
		} catch (error) {
			const outcome = control.signal.aborted ? ({kind: 'cancelled'} as const) : ({kind: 'failed', why: messageOf(error)} as const);
			store.dispatch({type: 'probeEnded', id, outcome});
		} finally {
			stopTicking();
			probing = null;
		}
	}

	/** What changed meanwhile on the host is read when it ends. */
	async function shell(container: string, name: string): Promise<void> {
		try {
			const found = await session.shell(container);
			if ('whyNot' in found) return noted(`no shell there: ${found.whyNot}`);
			await world.lend(found.argv, `network namespace of ${name}: the host's programs, its names; exit or ctrl-d leads back to dockhop`);
			await session.refresh();
		} catch (error) {
			noted(error);
		}
	}

	function copied(text: string, what: string): void {
		world.copy(text);
		noted(`copied: ${what}`);
	}

	/** A path as text; where a trace of it is shown what that saw. */
	function pathText(path: Explanation['path']): string[] {
		const hostName = session.state().snapshot?.hostName ?? '';
		const {trace} = store.state().flow;
		if (trace?.outcome.kind === 'done')
			return traceLines(trace.outcome.proof, `trace of ${flowTitle(path)} on ${hostName}`, {markdown: false, width: null, about: ''});
		return flowLines(path, {hostName, width: null, markdown: false, reply: false, rules: false, processFirst: store.state().flow.turned});
	}

	function noted(what: unknown): void {
		store.dispatch({type: 'noted', note: typeof what === 'string' ? what : messageOf(what)});
	}
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

const effects: ReadonlySet<string> = new Set<Effect['type']>([
	'follow',
	'probe',
	'probeRequest',
	'cancelProbe',
	'trace',
	'cancelTrace',
	'refresh',
	'demo',
	'copy',
	'copyPath',
	'shell',
	'record',
	'suspend',
	'quit',
]);
