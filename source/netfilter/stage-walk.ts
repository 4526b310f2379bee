import type {Gap, Hook} from '../model/index.js';
import {inAnyOrder} from './any-order.js';
import {type Leaving, merged, type Stop, type World, walkBaseChain} from './chain-walk.js';
import type {Chain} from './model.js';
import {isOfDevice, type Single, type Stage} from './stages.js';
import {withoutTemplate} from './template.js';
import type {Trace} from './trace.js';
import type {Tracker, WalkPacket} from './types.js';

/** The packet as it came to the hook, and how conntrack looks one up. */
export interface Arrival {
	packet: WalkPacket;
	hook: Hook;
	track: Tracker;
}

/** A stop with the stage at which it happened. */
export type Stopped = Stop & {stage: Stage};

/** Takes every way of the walk through one stage of a hook. */
export function passStage(stage: Stage, worlds: World[], arrival: Arrival, trace: Trace, partial: boolean): Leaving & {stops: Stopped[]} {
	const leaving =
		stage.kind === 'tied'
			? inAnyOrder(stage, worlds, trace, partial, (one, here, walk, some) => passStage(one, here, arrival, walk, some))
			: passOne(stage, worlds, arrival, trace, partial);
	return {...leaving, stops: leaving.stops.map(stop => ({...stop, stage: stop.stage ?? lastOf(stage)}))};
}

function lastOf(stage: Stage): Stage {
	return stage.kind === 'tied' ? (stage.lines.flat().at(-1) ?? stage) : stage;
}

function passOne(stage: Single, worlds: World[], arrival: Arrival, trace: Trace, partial: boolean): Leaving {
	const leaving = through(stage, worlds, arrival, trace, partial);
	return isRoutedAnew(stage, worlds) ? withoutWay(leaving, worlds) : leaving;
}

/** Chains before conntrack do not see the state yet, but for a packet that comes round over loopback with its entry (nf_conntrack_in). */
export function beforeConntrack(packet: WalkPacket, hook: Hook): WalkPacket {
	const looked = hook !== 'output' && (hook !== 'prerouting' || packet.ctCarried);
	return looked ? packet : {...packet, ctState: null};
}

/** In OUTPUT, address translation and chains of type route look at the routes again where they changed the packet (ip_route_me_harder). */
function isRoutedAnew(stage: Single, worlds: World[]): boolean {
	if (worlds[0]?.frame.hook !== 'output') return false;
	if (stage.kind === 'nat') return true;
	return stage.kind === 'chain' && (stage.chain.base?.type === 'route' || stage.chain.table.name === 'mangle');
}

/** A packet for which there is no way any more ends there. */
function withoutWay(leaving: Leaving, before: World[]): Leaving {
	const [only, another] = before;
	const isSame = ({frame}: World) => only !== undefined && another === undefined && isRoutedAlike(frame.packet, only.frame.packet);
	if (leaving.accepted.every(isSame) && leaving.mapped.every(isSame)) return leaving;
	const keys = new Set(before.map(({frame}) => routeKey(frame.packet)));
	const isChanged = ({frame}: World) => !keys.has(routeKey(frame.packet));
	const isLost = (world: World) => isChanged(world) && world.frame.env.unroutable(world.frame.packet);
	const lost = [...leaving.accepted, ...leaving.mapped].filter(isLost);
	const stops = lost.map(world => ({world: routedAnew(world), verdict: 'unroutable' as const, step: null, gap: null}));
	const keep = (worlds: World[]) =>
		worlds.filter(world => !lost.includes(world)).map(world => (isChanged(world) ? routedAnew(world) : world));
	return {accepted: keep(leaving.accepted), mapped: keep(leaving.mapped), stops: [...leaving.stops, ...stops]};
}

function routedAnew(world: World): World {
	const {packet} = world.frame;
	const {src, dst, mark, dscp} = packet;
	return change(world, {...packet, routedBy: {src, dst, mark, dscp}});
}

function isRoutedAlike(one: WalkPacket, other: WalkPacket): boolean {
	return one === other || routeKey(one) === routeKey(other);
}

function routeKey({src, dst, mark, dscp}: WalkPacket): string {
	return `${src} ${dst} ${mark} ${dscp}`;
}

function through(stage: Single, worlds: World[], arrival: Arrival, trace: Trace, partial: boolean): Leaving {
	if (stage.kind === 'conntrack')
		return {accepted: worlds.map(world => change(world, conntrack(world.frame.packet, arrival))), mapped: [], stops: []};
	if (stage.kind === 'nat') return translate(stage, worlds, trace, partial);
	const {base} = stage.chain;
	if (stage.perhaps) return perhapsMet(worlds, walkBaseChain(stage.chain, worlds, trace, true), stage.perhaps);
	const device = base?.hook === 'egress' ? arrival.packet.oif : arrival.packet.iif;
	if (!base || !isOfDevice(base.hook)) return walkBaseChain(stage.chain, worlds, trace, partial);
	if (base.devices) return base.devices.includes(device ?? '') ? walkBaseChain(stage.chain, worlds, trace, partial) : passing(worlds);
	return perhapsMet(worlds, walkBaseChain(stage.chain, worlds, trace, true), unknownDevice(stage.chain));
}

function unknownDevice({name, table}: Chain): Gap {
	const why = `which device the chain ${table.name} ${name} belongs to was not read`;
	return {id: 'read-failed', why, tell: `nft list table ${table.family} ${table.name}`};
}

/** Whether the packet meets the chain at all is open: that counts where the chain would make a difference. */
function perhapsMet(worlds: World[], {accepted, stops}: Leaving, gap: Gap): Leaving {
	const all = merged(worlds, accepted);
	if (stops.length === 0 && all.length === worlds.length) return passing(worlds);
	return {...passing([]), stops: worlds.map(world => ({world, verdict: 'undetermined', step: stops[0]?.step ?? null, gap}))};
}

function passing(worlds: World[]): Leaving {
	return {accepted: worlds, mapped: [], stops: []};
}

function conntrack(packet: WalkPacket, {packet: original, track}: Arrival): WalkPacket {
	if (packet.ctTemplate) return track(withoutTemplate(packet));
	return packet.ctState === 'untracked' || packet.ctState === original.ctState ? packet : {...packet, ctState: original.ctState};
}

/** Nat chains decide once for a connection, and for both its directions; later packets are only rewritten (nf_nat_inet_fn). */
function translate({manip, chains}: Extract<Single, {kind: 'nat'}>, worlds: World[], trace: Trace, partial: boolean): Leaving {
	const first = ({frame}: World) => isUndecided(frame.packet, manip);
	const [only, another] = worlds;
	if (only && !another && (chains.length === 0 || !first(only))) return passing([change(only, translated(only.frame.packet, manip))]);
	const done = worlds.filter(world => !first(world)).map(world => change(world, rewrite(world.frame.packet, manip)));
	const stops: Stop[] = [];
	let open = worlds.filter(first);
	for (const turn of chains) {
		if (open.length === 0) break;
		const elsewhere = partial || done.length + stops.length > 0;
		const leaving = 'lines' in turn ? inAnyOrder(turn, open, trace, elsewhere, walkBaseChain) : walkBaseChain(turn, open, trace, elsewhere);
		stops.push(...leaving.stops);
		done.push(...leaving.mapped.map(world => change(world, decided(world.frame.packet, manip))));
		open = merged(leaving.accepted, []);
	}
	return {accepted: [...done, ...open.map(world => change(world, decided(world.frame.packet, manip)))], mapped: [], stops};
}

/** What address translation does where no rule of it is there to be asked. */
export function translated(packet: WalkPacket, manip: 'src' | 'dst'): WalkPacket {
	return isUndecided(packet, manip) ? decided(packet, manip) : rewrite(packet, manip);
}

function isUndecided({ctState, ctDecided}: WalkPacket, manip: 'src' | 'dst'): boolean {
	return ctState === 'new' && !ctDecided[manip];
}

function rewrite(packet: WalkPacket, manip: 'src' | 'dst'): WalkPacket {
	const to = packet.ctRewrite[manip];
	if (!to || packet.ctState === 'untracked' || packet.ctState === 'invalid' || packet.ctState === null) return packet;
	return manip === 'src' ? {...packet, src: to.address, sport: to.port} : {...packet, dst: to.address, dport: to.port};
}

function decided(packet: WalkPacket, manip: 'src' | 'dst'): WalkPacket {
	const {src, dst} = packet.ctDecided;
	return {...packet, ctDecided: manip === 'src' ? {src: true, dst} : {src, dst: true}};
}

function change(world: World, packet: WalkPacket): World {
	return packet === world.frame.packet ? world : {frame: world.frame.with(packet), choices: world.choices};
}
