import type {
	MovedCounter,
	Packet,
	ProbePlan,
	ProbeResult,
	SeenBytes,
	SeenConnection,
	SeenError,
	SeenListener,
	SeenNeighbour,
	SeenPacket,
	SeenPass,
	SeenQuestion,
	SeenRule,
	SeenTraffic,
	SeenTuple,
	Trace,
	TraceAsk,
	TraceFilter,
	TracePlace,
	TracePlan,
	TraceSight,
} from '../model/index.js';
import {gap} from './group-shape.js';
import {neighbourFields, socketFields} from './netns-shape.js';
import {flag, list, number, object, oneOf, optional, orNull, pair, type Shape, text} from './shape.js';

const transport = oneOf('tcp', 'udp');
const tuple = object<SeenTuple>({src: text, dst: text, sport: number, dport: number});
const way = oneOf('in', 'out');
const onHost = object({kind: oneOf('host'), address: orNull(text)});
const inContainer = object({kind: oneOf('container'), id: text});
const sender: Shape<ProbePlan['from']> = (value, place) =>
	((value as {kind?: unknown} | null)?.kind === 'host' ? onHost : inContainer)(value, place);

const filter = object<TraceFilter>({
	proto: transport,
	ports: pair(number),
	address: orNull(text),
	peers: optional(list(text)),
	shared: optional(flag),
});

const probePlan = object<ProbePlan>({
	from: sender,
	scheme: oneOf('http', 'https', 'tcp', 'udp'),
	host: text,
	port: number,
	path: text,
	family: orNull(oneOf(4, 6)),
	target: orNull(object<NonNullable<ProbePlan['target']>>({containerId: orNull(text), port: number})),
	explained: oneOf('delivered', 'blocked', 'forwarded', 'undetermined'),
	standsInFor: orNull(text),
	timeoutSeconds: number,
	localPorts: optional(pair(number)),
	nonce: optional(text),
});

const plan = object<TracePlan>({
	send: orNull(probePlan),
	entry: orNull(text),
	first: filter,
	others: list(filter),
	places: list(object<TracePlace>({key: text, names: list(text), legacy: flag, filters: optional(list(filter))})),
	proxied: flag,
	timeoutSeconds: number,
	asks: optional(list(object<TraceAsk>({place: text, address: text, port: number, own: flag}))),
});

const timings = object<ProbeResult['timings']>({
	namelookup: orNull(number),
	connect: orNull(number),
	tls: orNull(number),
	firstByte: orNull(number),
	total: orNull(number),
});

const probeResult = object<ProbeResult>({
	command: text,
	reached: orNull(flag),
	agreement: orNull(flag),
	exitCode: orNull(number),
	errno: orNull(text),
	httpStatus: orNull(number),
	error: orNull(text),
	timings,
	localAddress: orNull(text),
	localPort: orNull(number),
	remoteAddress: orNull(text),
	remotePort: orNull(number),
});

const seenPacket = object<SeenPacket>({
	place: text,
	us: number,
	interface: text,
	direction: way,
	src: text,
	sport: number,
	dst: text,
	dport: number,
	proto: text,
	flags: list(text),
	length: number,
	strange: optional(flag),
});

const packet = object<Packet>({
	iif: orNull(text),
	oif: orNull(text),
	src: text,
	dst: text,
	sport: orNull(number),
	dport: orNull(number),
	proto: text,
});

const seenRule = object<SeenRule>({family: text, table: text, chain: text, handle: orNull(number), text, verdict: text});

const seenPass = object<SeenPass>({
	place: text,
	us: number,
	hook: orNull(oneOf('ingress', 'prerouting', 'input', 'forward', 'output', 'postrouting', 'egress')),
	layer: oneOf('bridge', 'ip'),
	edge: orNull(oneOf('first', 'last')),
	packet,
	flags: list(text),
	rules: list(seenRule),
	dropped: flag,
});

const connection = object<SeenConnection>({
	place: text,
	us: number,
	event: text,
	state: text,
	proto: text,
	original: tuple,
	reply: tuple,
	replied: flag,
});

/** A trace in a recording, field by field. */
export const trace = object<Trace>({
	plan,
	probe: orNull(probeResult),
	armedAt: number,
	client: orNull(object<NonNullable<Trace['client']>>({address: text, port: number})),
	sights: list(
		object<TraceSight>({
			...{place: text, packets: orNull(gap), rules: orNull(gap), conntrack: orNull(gap)},
			leftOut: optional(object<NonNullable<TraceSight['leftOut']>>({opening: flag, following: flag})),
		}),
	),
	packets: list(seenPacket),
	bytes: list(object<SeenBytes>({us: number, hex: text, src: text, dst: text, sport: number, dport: number})),
	questions: list(object<SeenQuestion>({answer: flag, place: text, us: number, interface: text, direction: way, address: text})),
	errors: list(object<SeenError>({place: text, us: number, interface: text, direction: way, src: text, dst: text, says: text})),
	passes: list(seenPass),
	connections: list(connection),
	neighbours: list(object<SeenNeighbour>({place: text, ...neighbourFields})),
	listeners: list(object<SeenListener>({place: text, ...socketFields})),
	dialling: list(tuple),
	traffic: optional(list(object<SeenTraffic>({place: text, interface: text, received: number, sent: number}))),
	counters: list(object<MovedCounter>({place: text, interface: orNull(text), name: text, by: number, command: text})),
});
