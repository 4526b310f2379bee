import {join} from 'node:path';
import type {Container, FlowRequest, Path, Snapshot} from '../../source/model/index.js';
import {explain} from '../../source/path/explain.js';
import {parseOrigin} from '../../source/path/origin.js';
import {parseTarget} from '../../source/path/target.js';
import {follow} from '../../source/session/follow.js';
import {liveSession} from '../../source/session/live.js';
import type {Session} from '../../source/session/session.js';
import type {Lab} from '../lab/lab.ts';

/** A request as it is asked for; the target an address and a port, so that it can be sent without dockhop. */
export interface Flow {
	/** lan, host, or a container's name. */
	origin: string;
	/** ADDRESS:PORT[/udp] */
	target: string;
}

export interface Row extends Flow {
	path: Path;
	/** An answer came when the request was really sent. */
	happened: boolean;
}

/** Explains every flow on what is read now, and sends all of them, each from the namespace of its origin. */
export async function walkAndSend(lab: Lab, flows: readonly Flow[]): Promise<Row[]> {
	return withSession(lab, async session => {
		const containers = containersOf(await session.ready());
		// Namespaces are read once for all flows.
		const own = containers.filter(one => one.pid !== null && !/^(container:|host$)/.test(one.networkMode));
		await session.read({containers: own.map(one => one.id), names: [], hostSockets: true});
		const walked: {flow: Flow; path: Path}[] = [];
		for (const flow of flows) walked.push({flow, path: await explained(session, flow)});
		const answers = new Map<Flow, boolean>();
		const pidOf = (origin: string) => containers.find(one => one.name === origin)?.pid ?? null;
		await Promise.all(
			[...new Set(flows.map(one => one.origin))].map(async origin => {
				const asked = flows.filter(one => one.origin === origin);
				const answered = await send(lab, origin, pidOf(origin), asked);
				for (const [index, flow] of asked.entries()) answers.set(flow, answered[index] === true);
			}),
		);
		return walked.map(({flow, path}) => ({...flow, path, happened: answers.get(flow) === true}));
	});
}

/** The engine's containers, as dockhop reads them. */
export function inventory(lab: Lab): Promise<Container[]> {
	return withSession(lab, async session => containersOf(await session.ready()));
}

/** Explains one request on what is read now, as `flow` does. */
export function walk(lab: Lab, flow: Flow): Promise<Path> {
	return withSession(lab, session => explained(session, flow));
}

/** The verdict is what happened; `undetermined` never is. */
export function agrees({path, happened}: Row): boolean {
	return path.verdict === (happened ? 'delivered' : 'blocked');
}

/** A flow in a line, for messages. */
export function told({origin, target, path, happened}: Row): string {
	const hop =
		path.hops.find(one => one.verdict === 'blocks' || one.verdict === 'undetermined') ??
		path.reply?.hops.find(one => one.verdict !== 'passes');
	const where = hop
		? `${hop.kind} ${hop.name} ${hop.cause ?? hop.unknown?.id}: ${hop.says}`
		: path.hops.map(one => `${one.kind} ${one.name}`).join(', ');
	return `${origin} → ${target}: ${path.verdict}${path.lost ? ` (${path.lost})` : ''}, but ${happened ? 'answered' : 'no answer'}; ${where}`;
}

function containersOf({engine}: Snapshot): Container[] {
	if (!engine.read) throw new Error('the engine was not read');
	return engine.value.containers;
}

async function withSession<T>(lab: Lab, work: (session: Session) => Promise<T>): Promise<T> {
	const session = liveSession({host: `unix://${lab.socket}`, context: null});
	try {
		return await work(session);
	} finally {
		await session.close();
	}
}

async function explained(session: Session, {origin, target}: Flow): Promise<Path> {
	const [parsedTarget, parsedOrigin] = [parseTarget(target), parseOrigin(origin)];
	if ('usage' in parsedTarget || 'usage' in parsedOrigin) throw new Error(`${origin} → ${target} cannot be asked`);
	const request: FlowRequest = {target: parsedTarget, origin: parsedOrigin, family: null};
	const {explanation} = await follow(session, request, explain);
	if ('usage' in explanation) throw new Error(explanation.usage);
	return explanation.path;
}

/** Sends all requests of one origin at once, in its own namespace; gives whether each was answered. */
async function send(lab: Lab, origin: string, pid: number | null, flows: readonly Flow[]): Promise<boolean[]> {
	const lines = flows.map(({target}, index) => {
		const [, host, port, proto] = /^\[?([^\]]*?)\]?:(\d+)(?:\/(udp))?$/.exec(target) ?? [];
		return `${index} ${proto ?? 'tcp'} ${host} ${port}`;
	});
	const argv = [process.execPath, join(import.meta.dirname, 'asker.js')];
	const options = {stdin: `${lines.join('\n')}\n`, timeoutMs: 60_000};
	const ran =
		origin === 'lan'
			? await lab.lan(argv, options)
			: await lab.host(pid === null ? argv : ['nsenter', '-t', String(pid), '-n', ...argv], options);
	const answered = flows.map(() => false);
	for (const line of ran.stdout.trim().split('\n')) {
		const [index, answer] = line.split(' ');
		answered[Number(index)] = answer === 'yes';
	}
	return answered;
}
