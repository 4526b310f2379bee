import type {Network, Snapshot} from '../model/index.js';
import {mapStrings} from './strings.js';

/**
 * A snapshot fit to be given away. It holds no environment, labels or bodies from the start (the converters take over named fields
 * only); what is left are passwords and query strings in URLs, wherever they stand, and network options that look like secrets.
 */
export function redact(snapshot: Snapshot): Snapshot {
	const redacted = mapStrings(snapshot, withoutSecrets) as Snapshot;
	const {engine} = redacted;
	if (!engine.read) return redacted;
	return {...redacted, engine: {...engine, value: {...engine.value, networks: engine.value.networks.map(withoutSecretOptions)}}};
}

function withoutSecrets(text: string): string {
	return text.replace(credentials, '$1…@').replace(query, '$1?…');
}

const credentials = /\b([a-z][a-z\d+.-]*:\/\/)[^\s/?#@"']+@/gi;
const query = /\b([a-z][a-z\d+.-]*:\/\/[^\s?"']+)\?[^\s"']+/gi;

function withoutSecretOptions(network: Network): Network {
	const options = Object.entries(network.options).map(([key, value]) => [key, secret.test(key) ? '…' : value]);
	return {...network, options: Object.fromEntries(options)};
}

const secret = /pass|secret|token|credential|key$/i;
