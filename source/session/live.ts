import {hostname} from 'node:os';
import {copyFile, type EngineClient, execIn, type Inventory} from '../engine/index.js';
import {openKernel, pidsByCgroup, readHere, readOwnLinks, readPrograms} from '../kernel/index.js';
import {type Engine, type Gap, type Needs, type Snapshot, type TracePlan, unreadHost, type Vantage} from '../model/index.js';
import {probe} from '../probe/probe.js';
import {shellIn} from '../probe/shell.js';
import {splitDoor} from '../process/start.js';
import {assemble, withReadings} from '../snapshot/index.js';
import {linkEngine} from './engine-link.js';
import {type HelperWish, helperFor} from './helper.js';
import {readingsFor} from './readings.js';
import type {EngineError, KernelPart, Session} from './session.js';
import {stateStore, when} from './store.js';

/** One reading of everything, and what its questions are asked with. */
interface Reading {
	/** Grows with what is read for single questions. */
	snapshot: Snapshot;
	client: EngineClient;
	readings: ReturnType<typeof readingsFor>;
}

/**
 * A session on the engine that the options and the environment choose, and on the kernel below it. It starts to read at once; the
 * engine's inventory is shown as soon as it is there, the kernel's facts next, and both again after the engine's events. `reads`: how
 * much of the kernel is wanted at all; `helper`: the kernel is read through a helper container; `once`: nothing is read again by itself, so
 * that whatever is asked rests on the facts of one time, and no newer reading takes away what was read for the question before.
 */
export function liveSession(options: {
	host: string | null;
	context: string | null;
	reads?: KernelPart;
	helper?: HelperWish;
	once?: boolean;
}): Session {
	const store = stateStore({snapshot: null, link: {kind: 'connecting'}, reading: false});
	const onlyLinks = options.reads === 'links';
	let latest: Reading | null = null;
	// Where nothing is drawn meanwhile, our own links are read beside the engine: it is likely to be here.
	let ahead = onlyLinks && !options.helper ? readOwnLinks() : undefined;
	let failed: EngineError | null = null;
	const helper = options.helper ? helperFor(options.helper) : null;
	const link = linkEngine(
		{host: options.host ?? undefined, context: options.context ?? undefined},
		{
			// A list is printed when it is complete.
			listed: onlyLinks
				? undefined
				: engine => {
						failed = null;
						if (latest === null) store.set({snapshot: inventoryOnly(engine), link: {kind: 'connected'}, reading: true});
					},
			pids: onlyLinks && !options.helper ? pidsByCgroup : undefined,
			async inventory({engine}: Inventory, client) {
				failed = null;
				// The first inventory is shown before the kernel is read; later ones together with it, so that the two never disagree.
				const first = latest === null ? {snapshot: inventoryOnly(engine)} : {};
				store.set({...first, link: {kind: 'connected'}, reading: true});
				const kernel = await openKernel(engine, {
					ownLinks: ahead,
					copy: (id, path) => copyFile(client, id, path),
					helper: helper && (() => helper.open(client)),
				});
				ahead = undefined;
				const facts = await (onlyLinks ? kernel.readHostLinks(engine) : kernel.readHost(engine));
				const snapshot = assemble({read: true, value: engine, source: engine.url, command: 'docker ps -a'}, kernel.vantage, facts, now());
				latest = {snapshot, client, readings: readingsFor(snapshot, kernel)};
				store.set({snapshot, reading: false});
			},
			lost(error, nextTry) {
				failed = error;
				const {link: before} = store.get();
				const since = before.kind === 'lost' ? before.since : now();
				const {message: reason, tried, advice} = error;
				store.set({link: {kind: 'lost', since, reason, tried, advice, nextTry: nextTry.toISOString()}, reading: false});
			},
		},
		options.once,
	);
	const complete = () =>
		when(store, () => {
			if (latest) return latest;
			if (failed) throw failed;
			return undefined;
		});
	return {
		kind: 'live',
		state: store.get,
		subscribe: store.subscribe,
		ready: async () => (await complete()).snapshot,
		async read(needs: Needs) {
			for (let tries = 1; ; tries++) {
				const reading = await complete();
				const found = await reading.readings.read(needs);
				// A newer reading has begun meanwhile: facts of two times are not mixed.
				if (reading !== latest && tries < 3) continue;
				if (found) {
					reading.snapshot = withReadings(reading.snapshot, found);
					if (reading === latest) store.set({snapshot: reading.snapshot});
				}
				return reading.snapshot;
			}
		},
		async refresh() {
			const before = latest;
			failed = null;
			link.again();
			await when(store, ({reading}) => (failed || (latest !== before && !reading) ? true : undefined));
		},
		whyNoProbe: null,
		async probe(plan, signal) {
			const {client, snapshot} = await complete();
			return probe(plan, {snapshot, exec: (id, argv, bounds) => execIn(client, id, argv, bounds)}, signal);
		},
		whyNoTrace: plan => whyNoTrace(plan, store.get().snapshot),
		async trace(plan, signal, armed) {
			const {client, snapshot} = await complete();
			// Loaded when the first trace is asked for: other commands do without.
			const {trace} = await import('../trace/trace.js');
			return trace(plan, {snapshot, exec: (id, argv, bounds) => execIn(client, id, argv, bounds)}, signal, armed);
		},
		async withoutEngine(gap) {
			const {vantage, facts} = await readHere();
			return {...assemble({read: false, gap}, vantage, facts, now()), hostName: hostname()};
		},
		programs: () => readPrograms(splitDoor(latest?.snapshot.vantage.enter ?? []).door),
		async watch(plan, signal, calls) {
			const {client, snapshot} = await complete();
			const {watch} = await import('../trace/watch.js');
			return watch(plan, {snapshot, exec: (id, argv, bounds) => execIn(client, id, argv, bounds)}, signal, calls);
		},
		shell: async id => shellIn(id, (await complete()).snapshot),
		async close() {
			// Before the link: its connection is the one by which the engine is asked to remove it.
			await helper?.close();
			link.close();
		},
	};
}

/** What dockhop sends can be traced as far as can be seen; what others send has to be seen. */
function whyNoTrace({send}: TracePlan, snapshot: Snapshot | null): string | null {
	if (send || snapshot?.vantage.kind === 'root') return null;
	return 'only root may see the requests of others (sudo dockhop, or --helper IMAGE)';
}

/** The inventory before anything of the kernel is there. */
function inventoryOnly(engine: Engine): Snapshot {
	const gap: Gap = {id: 'not-read', why: 'it is being read', tell: ''};
	const vantage: Vantage = {kind: 'none', words: 'reading the kernel …', enter: []};
	return assemble({read: true, value: engine, source: engine.url, command: 'docker ps -a'}, vantage, unreadHost(gap), now());
}

function now(): string {
	return new Date().toISOString();
}
