import {type AddressValue, parseAddress} from '../address/value.js';
import type {Hook} from '../model/index.js';
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
	#src: AddressValue | null | undefined;
	#dst: AddressValue | null | undefined;
	#protocol: number | null | undefined;

	constructor(packet: WalkPacket, hook: Hook, env: HookEnv, onBridge = false) {
		this.packet = packet;
		this.hook = hook;
		this.env = env;
		this.onBridge = onBridge;
		this.iif = hook === 'output' || hook === 'egress' ? '' : (packet.iif ?? '');
		this.oif = hook === 'prerouting' || hook === 'input' || hook === 'ingress' ? '' : (packet.oif ?? '');
	}

	// Most hooks of most namespaces have no rule that asks.
	get src(): AddressValue | null {
		if (this.#src === undefined) this.#src = parseAddress(this.packet.src);
		return this.#src;
	}

	get dst(): AddressValue | null {
		if (this.#dst === undefined) this.#dst = parseAddress(this.packet.dst);
		return this.#dst;
	}

	get protocol(): number | null {
		if (this.#protocol === undefined) this.#protocol = protocolNumber(this.packet.proto);
		return this.#protocol;
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

/** It came in by a link of frames: one over lo has a header without addresses, one that is sent here has none yet. */
export function hasFrame({onBridge, iif, hook, packet, env}: Frame): boolean {
	if (onBridge) return true;
	if (hook === 'output' || (hook === 'postrouting' && packet.local)) return false;
	return env.link(iif)?.kind !== 'loopback';
}
