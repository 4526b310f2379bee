import {randomBytes} from 'node:crypto';
import type {Network, Snapshot, Trace} from '../model/index.js';
import {withoutSecrets} from '../text/without-secrets.js';
import {maskBytes} from './mask-bytes.js';
import {mapStrings} from './strings.js';

/**
 * A snapshot fit to be given away. It holds no environment, labels or bodies from the start (the converters take over named fields
 * only); what is left are passwords and query strings in URLs, wherever they stand, network options that look like secrets, and in
 * traces the bytes that clients sent.
 */
export function redact(snapshot: Snapshot): Snapshot {
	const masked = snapshot.traces ? {...snapshot, traces: withoutBytes(snapshot.traces)} : snapshot;
	const redacted = mapStrings(masked, withoutSecrets) as Snapshot;
	const {engine} = redacted;
	if (!engine.read) return redacted;
	return {...redacted, engine: {...engine, value: {...engine.value, networks: engine.value.networks.map(withoutSecretOptions)}}};
}

function withoutBytes(traces: readonly Trace[]): Trace[] {
	const key = randomBytes(32);
	return traces.map(({plan, bytes, ...trace}) => ({
		...trace,
		plan: {...plan, send: plan.send && {...plan.send, path: plan.send.path.replace(/\?.*$/s, '?…')}},
		bytes: bytes.map(one => ({...one, hex: maskBytes(one.hex, key)})),
	}));
}

function withoutSecretOptions(network: Network): Network {
	const options = Object.entries(network.options).map(([key, value]) => [key, secret.test(key) ? '…' : value]);
	return {...network, options: Object.fromEntries(options)};
}

const secret = /pass|secret|token|credential|key$/i;
