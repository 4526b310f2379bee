import type {Hook} from '../model/index.js';
import {type AddressValue, parseAddress} from './address.js';
import {protocolNumber} from './names.js';
import type {HookEnv, WalkPacket} from './types.js';

/** A packet at a hook, as the matches ask about it. Never changed: a rewrite makes a new one. */
export class Frame {
	readonly packet: WalkPacket;
	readonly hook: Hook;
	readonly env: HookEnv;
	/** A hook of a bridge, where every frame has its link header. */
	readonly onBridge: boolean;
	/** Interface names as the hook has them; "" where it has none (prerouting and input have no outgoing, output and egress no incoming one). */
	readonly iif: string;
	readonly oif: string;
	readonly src: AddressValue | null;
	readonly dst: AddressValue | null;
	readonly protocol: number | null;

	constructor(packet: WalkPacket, hook: Hook, env: HookEnv, onBridge = false) {
		this.packet = packet;
		this.hook = hook;
		this.env = env;
		this.onBridge = onBridge;
		this.iif = hook === 'output' || hook === 'egress' ? '' : (packet.iif ?? '');
		this.oif = hook === 'prerouting' || hook === 'input' || hook === 'ingress' ? '' : (packet.oif ?? '');
		this.src = parseAddress(packet.src);
		this.dst = parseAddress(packet.dst);
		this.protocol = protocolNumber(packet.proto);
	}

	with(packet: WalkPacket): Frame {
		return packet === this.packet ? this : new Frame(packet, this.hook, this.env, this.onBridge);
	}

	/** A rule on the way has added to this set: what its dump says may be no longer all. */
	hasTouched(set: string): boolean {
		return this.packet.touchedSets?.includes(set) ?? false;
	}

	/** Conntrack has an entry for this packet. */
	get tracked(): boolean {
		const state = this.packet.ctState;
		return state === 'new' || state === 'established' || state === 'related';
	}
}
