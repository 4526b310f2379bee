import {isIP} from 'node:net';
import type {Origin} from '../model/index.js';
import type {Usage} from './explanation.js';

/** Reads ORIGIN: `host`, `host:ADDRESS`, `lan`, `lan:ADDRESS`, a container's name, or `container:NAME`. IPv6 with or without brackets. */
export function parseOrigin(text: string): Origin | Usage {
	const match = /^(host|lan)(?::(.*))?$/.exec(text);
	if (match) {
		const address = match[2]?.replace(/^\[|\]$/g, '') ?? null;
		if (address !== null && !isIP(address)) return {usage: `origin '${text}': '${address}' is no IP address; write ${match[1]}:ADDRESS`};
		return {kind: match[1] === 'lan' ? 'lan' : 'host', address};
	}
	if (text === 'any')
		return {
			usage:
				"origin 'any': only a trace waits for whoever asks (dockhop trace TARGET --from any); a container of that name is container:any",
		};
	const name = text.replace(/^container:/, '');
	if (name === '') return {usage: `origin '${text}': write host, host:ADDRESS, lan, lan:ADDRESS or a container's name`};
	return {kind: 'container', name};
}
