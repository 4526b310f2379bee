import {hostPort} from '../address/ip.js';
import type {FlowRequest, Origin, Target} from '../model/index.js';

/** A request as `dockhop flow` takes it: "www:80 --from lan". */
export function requestWords({target, origin}: FlowRequest): string {
	return `${targetWords(target)} --from ${originWords(origin)}`;
}

/** TARGET as on the command line. */
export function targetWords(target: Target): string {
	if (target.kind === 'url') return target.url;
	const proto = target.proto === 'tcp' ? '' : `/${target.proto}`;
	if (target.kind === 'port') return `:${target.port}${proto}`;
	if (target.kind === 'address') return `${hostPort(target.address, target.port)}${proto}`;
	return `${target.name}${target.port === null ? '' : `:${target.port}`}${proto}`;
}

/** ORIGIN as on the command line. */
export function originWords(origin: Origin): string {
	if (origin.kind === 'container') return ['host', 'lan', 'any'].includes(origin.name) ? `container:${origin.name}` : origin.name;
	return origin.address === null ? origin.kind : `${origin.kind}:${origin.address}`;
}
