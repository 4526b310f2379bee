import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {FlowRequest, Hop} from '../../source/model/index.js';
import {explain} from '../../source/path/explain.js';
import {parseOrigin} from '../../source/path/origin.js';
import {parseTarget} from '../../source/path/target.js';
import type {Proof} from '../../source/proof/proof.js';
import {prove} from '../../source/proof/prove.js';
import {tracePlan} from '../../source/proof/trace-plan.js';
import {follow} from '../../source/session/follow.js';
import {liveSession} from '../../source/session/live.js';
import type {Session} from '../../source/session/session.js';
import {engines} from '../lab/engines.ts';
import {type Lab, startLab} from '../lab/lab.ts';
import {type End, type Flow, flowNames, lettingThrough, type Place, places} from './trace-places.ts';
import {daemonJson, fillScene, type Scene, servers} from './trace-scene.ts';

/**
 * Requests of every kind, healthy and broken in every place on their way, TCP and UDP, IPv4 and IPv6, sent and traced for real: the trace
 * has to mark the hop where the packets are really lost. What is expected follows from how each fault is made. DOCKHOP_FLOWS (a part of
 * a line of the table) narrows it.
 */
const flows: Flow[] = flowNames.flatMap(name =>
	(['tcp', 'udp'] as const).flatMap(proto => ([4, 6] as const).map(family => ({name, proto, family}))),
);
const isolation: Place = {
	name: 'isolation',
	make: scene => lettingThrough(scene, '-D'),
	mend: scene => lettingThrough(scene, '-I'),
	ends: (_, flow) => (flow.name === 'other network' ? {lost: 'request', kind: 'netfilter', of: null} : null),
};
/** Before engine 28 docker-proxy answers a datagram from the address nearest to the client, which is not the one that was asked: nobody waits for that. */
const healthy: Place = {
	name: 'healthy',
	make: () => [],
	mend: () => [],
	ends: ({lab}, {name, proto}) =>
		name === 'through host' && proto === 'udp' && !lab.version.startsWith('28.')
			? {lost: 'answer', kind: 'netfilter', of: 'app', cause: 'answer-not-translated'}
			: null,
};
const wanted = process.env.DOCKHOP_FLOWS ?? '';

describe.each(engines)('traces of all flows on engine %s', engine => {
	let lab: Lab;
	let scene: Scene;
	let session: Session;
	const results: Result[] = [];
	beforeAll(async () => {
		lab = await startLab({engine, daemonJson});
		scene = await fillScene(lab);
		for (const argv of lettingThrough(scene, '-I')) await lab.host(argv);
		session = liveSession({host: `unix://${lab.socket}`, context: null});
	});
	afterAll(async () => {
		console.log(table(engine, results));
		await session?.close();
		await lab?.stop();
	});

	it.each([healthy, ...places, isolation])('$name', async place => {
		const cells = flows
			.map(flow => ({flow, end: place.ends(scene, flow)}))
			.filter(({end}) => place === healthy || end !== null)
			.filter(({flow}) => `${place.name} ${flow.name} ${flow.proto} ${flow.family}`.includes(wanted));
		const commands = (which: 'make' | 'mend') => [
			...new Map(cells.flatMap(({flow}) => place[which](scene, flow)).map(argv => [argv.join('\0'), argv])).values(),
		];
		const found: Result[] = [];
		for (const argv of commands('make')) await lab.host(argv);
		try {
			await session.refresh();
			// Traces of other protocols and families go on at once; what could be taken for another flow's packets comes one after the other.
			const lanes = Map.groupBy(cells, ({flow: {proto, family}}) => `${proto} ${family}`);
			const lane = async (own: typeof cells) => {
				for (const {flow, end} of own) found.push(judge(place, flow, end, await traced(lab, session, scene, flow)));
			};
			await Promise.all([...lanes.values()].map(lane));
		} finally {
			for (const argv of commands('mend')) await lab.host(argv);
		}
		results.push(...found);
		expect(found.filter(({wrong}) => wrong !== null).map(told)).toEqual([]);
		expect(found.length).toBeGreaterThan(wanted === '' ? 3 : -1);
		// What is said of a healthy host is what a client of another kind gets there.
		if (place === healthy) {
			for (const {flow, end} of cells.filter(({flow: {name}}) => name !== 'lan')) {
				expect(await answered(scene, flow), `${flow.name} ${flow.proto} IPv${flow.family}`).toBe(end === null);
			}
		}
	});
});

interface Result {
	place: string;
	flow: Flow;
	proof: Proof;
	/** What is other than it should be; null: nothing. */
	wrong: string | null;
}

function judge(place: Place, flow: Flow, end: End | null, proof: Proof): Result {
	const {path, agreement, differs} = proof;
	const hops = path.lost === 'answer' ? path.reply : path;
	const at = hops?.blockedAt === null || hops === null ? null : hops?.hops[hops.blockedAt];
	const is = {verdict: path.verdict, lost: path.lost, ...named(at ?? null), agreement, differs: differs.join()};
	const right = {
		verdict: end ? 'blocked' : 'delivered',
		lost: null,
		...(end ? {} : named(null)),
		...end,
		agreement: true,
		differs: '',
	};
	const wrong = Object.entries(right).flatMap(([key, value]) => {
		const found = is[key as keyof typeof is];
		return found === value ? [] : [`${key} ${found} instead of ${value}`];
	});
	// Healthy: seen everywhere.
	const unseen = end ? [] : proof.observed.flatMap(({seen}, index) => (seen === true ? [] : [`hop ${index} seen ${seen}`]));
	const all = [...wrong, ...unseen, ...proof.notSeen];
	return {place: place.name, flow, proof, wrong: all.length > 0 ? all.join('; ') : null};
}

function named(hop: Hop | null): Record<string, unknown> {
	return {
		kind: hop?.kind ?? null,
		of: hop?.of ?? null,
		name: hop?.name ?? null,
		connection: hop?.connection ?? null,
		cause: hop?.cause ?? null,
	};
}

/** Explains the flow, sends its request (from the LAN: has the client send it) and traces it. */
async function traced(lab: Lab, session: Session, scene: Scene, flow: Flow): Promise<Proof> {
	const [target, origin] = [parseTarget(targetOf(scene, flow)), parseOrigin(originOf(flow))];
	if ('usage' in target || 'usage' in origin) throw new Error(`${flow.name} cannot be asked`);
	const byName = flow.name === 'by name' || flow.name === 'through host';
	const request: FlowRequest = {target, origin, family: byName ? flow.family : null};
	const {explanation, snapshot} = await follow(session, request, explain);
	if ('usage' in explanation) throw new Error(explanation.usage);
	const fromLan = flow.name === 'lan';
	const plan = tracePlan(explanation.path, explanation.probe, snapshot, fromLan ? 2.5 : 1.2, Math.random());
	if ('whyNot' in plan) throw new Error(plan.whyNot);
	let client: Promise<unknown> = Promise.resolve();
	const seen = await session.trace(plan, new AbortController().signal, () => {
		if (fromLan) client = ask(lab, flow);
	});
	await client;
	return prove(explanation.path, seen);
}

function targetOf({lab: {address}, containers}: Scene, {name, proto, family}: Flow): string {
	const {name: server, port, published} = servers[proto];
	const [own, loopback] = family === 4 ? [address.host, '127.0.0.1'] : [`[${address.host6}]`, '[::1]'];
	const at = {
		lan: `${own}:${published}`,
		loopback: `${loopback}:${published}`,
		'own address': `${own}:${published}`,
		'by name': `${server}:${port}`,
		'through host': `:${published}`,
		'other network': `${family === 4 ? containers[server]?.address[4] : `[${containers[server]?.address[6]}]`}:${port}`,
	}[name];
	return proto === 'udp' ? `${at}/udp` : at;
}

function originOf({name}: Flow): string {
	if (name === 'lan') return 'lan';
	return name === 'other network' ? 'other' : name === 'by name' || name === 'through host' ? 'app' : 'host';
}

async function ask(lab: Lab, {proto, family}: Flow): Promise<void> {
	const line = `0 ${proto} ${family === 4 ? lab.address.host : lab.address.host6} ${servers[proto].published}\n`;
	await lab.lan([process.execPath, join(import.meta.dirname, 'asker.js')], {stdin: line, timeoutMs: 20_000});
}

/** Whether an answer comes where the flow's request is sent without dockhop. */
async function answered(scene: Scene, flow: Flow): Promise<boolean> {
	const {lab, containers} = scene;
	const {name, port} = servers[flow.proto];
	const named = {
		'by name': `${containers[name]?.address[flow.family]} ${port}`,
		'through host': `${flow.family === 4 ? '172.17.0.1' : lab.address.host6} ${servers[flow.proto].published}`,
	};
	const [, bracketed, plain, digits] = /^(?:\[(.*)\]|([^:]*)):(\d+)/.exec(targetOf(scene, flow)) ?? [];
	const at = named[flow.name as keyof typeof named] ?? `${bracketed ?? plain} ${digits}`;
	const origin = originOf(flow);
	const enter = origin === 'host' ? [] : ['nsenter', '-t', containers[origin]?.pid ?? '', '-n'];
	const argv = [...enter, process.execPath, join(import.meta.dirname, 'asker.js')];
	const ran = await lab.host(argv, {stdin: `0 ${flow.proto} ${at}\n`, timeoutMs: 20_000});
	return ran.stdout.includes('yes');
}

function told({place, flow, proof, wrong}: Result): string {
	const hops = proof.path.hops.map(
		(hop, index) => `   ${index} ${hop.kind} ${hop.name} ${hop.verdict} seen ${proof.observed[index]?.seen} ${hop.cause ?? ''} ${hop.says}`,
	);
	return [
		`${place} × ${flow.name} ${flow.proto} IPv${flow.family}: ${wrong}`,
		`   ${proof.path.verdict}: ${proof.says}; explained ${JSON.stringify(proof.explained)}`,
		...hops,
	].join('\n');
}

/** Flow × place: a tick where the trace is right. */
function table(engine: string, results: readonly Result[]): string {
	const columns = [...new Set(results.map(({place}) => place))];
	const rows = flows.map(flow => {
		const cells = columns.map(place => {
			const one = results.find(result => result.place === place && result.flow === flow);
			return (one ? (one.wrong === null ? '✓' : '✗') : '').padEnd(place.length);
		});
		return `${`${flow.name} ${flow.proto} IPv${flow.family}`.padEnd(24)} ${cells.join('  ')}`;
	});
	const right = results.filter(({wrong}) => wrong === null).length;
	return [`engine ${engine}: ${right} of ${results.length} traces right`, `${' '.repeat(25)}${columns.join('  ')}`, ...rows].join('\n');
}
