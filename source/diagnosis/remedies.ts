import {hostPort} from '../address/ip.js';
import type {CauseId} from '../model/index.js';
import {quote} from '../text/quote.js';
import {engineAnew} from './facts.js';
import {firewallRemedy} from './firewall-remedy.js';
import {targetOf} from './inventory.js';
import {linkRemedies} from './link-remedies.js';
import type {Stop} from './stop.js';

/** What mends a hop that stops a request, by its cause alone: a command where there is one. */
export function remedyFor(stop: Stop): string {
	return stop.hop.cause === null ? '' : remedies[stop.hop.cause](stop);
}

const remedies: Record<CauseId, (stop: Stop) => string> = {
	...linkRemedies,
	'nothing-listens': listening,
	'listens-on-loopback': stop =>
		`make the program in ${whose(stop)} listen on ${hostPort(anyAddress(stop), stop.hop.port)} (its option --host, --bind or listen)`,
	'listens-elsewhere': stop =>
		`make the program in ${whose(stop)} listen on ${stop.hop.packet.dst} or on every address, port ${stop.hop.port}`,
	'backlog-full': stop =>
		onContainer(stop, ['docker', 'restart'], `see why the program on ${portOf(stop)} does not accept, and restart it`),
	'port-held': () => engineAnew,
	'answered-by-another': insteadOfAnother,
	paused: awake,
	'not-running': stop => onContainer(stop, ['docker', 'start'], 'start the container'),
	'published-elsewhere': stop =>
		`publish it at every address (-p ${stop.hop.port}:${stop.path.to.port}), or ask at the address that it is published on`,
	'dns-unreachable': ({hop}) => quote(['docker', 'restart', hop.of ?? 'CONTAINER']),
	'name-not-found': stop => `give the name: docker run --add-host ${stop.hop.name}:ADDRESS …, or ask by address`,
	dropped: firewallRemedy,
	'policy-drop': firewallRemedy,
	rejected: firewallRemedy,
	'dropped-or-rejected': firewallRemedy,
	'answer-not-translated': () => 'ask the container by its own name and port, or take the rule away that keeps the answer from the host',
	vanished: ({hop}) => `look with tcpdump where it gets lost: tcpdump -ni any port ${hop.packet.dport ?? ''}`.trimEnd(),
	'proxy-cannot-connect': stop => onContainer(stop, ['docker', 'restart'], 'mend what stands behind docker-proxy'),
};

/** Every address of the family in which it was asked. */
function anyAddress({hop}: Stop): string {
	return hop.packet.dst.includes(':') ? '::' : '0.0.0.0';
}

/** What makes something listen: the container's docker-proxy anew, its program, or a program of the host. */
function listening(stop: Stop): string {
	if (/publishes it here, but nothing holds/.test(stop.hop.says)) return onContainer(stop, ['docker', 'restart'], '');
	if (whose(stop) !== 'the host')
		return `see why it does not listen on ${portOf(stop)}: ${quote(['docker', 'logs', '--tail', '50', whose(stop)])}`;
	return `start the program that should listen on ${portOf(stop)}, or publish a container's port there: docker run -p ${stop.hop.port}:PORT …`;
}

/** What holds the port goes; then the one that it belongs to gets it back, with its docker-proxy, when it starts anew. */
function insteadOfAnother(stop: Stop): string {
	const {hop} = stop;
	const [, container, program] = /^(?:container (\S+)|(.+) on the host) answers there/.exec(hop.says) ?? [];
	const own = targetOf(stop)?.name;
	if (own && container) return `${quote(['docker', 'stop', container])} && ${quote(['docker', 'restart', own])}`;
	if (own && program && hop.of === null) return `stop ${program}, then: ${quote(['docker', 'restart', own])}`;
	return `stop the other one, or publish ${portOf(stop)} at another port or address`;
}

/** A container is unpaused, a process that a signal has stopped is continued. */
function awake(stop: Stop): string {
	const {hop, snapshot} = stop;
	if (targetOf(stop)?.state === 'paused' && hop.kind !== 'proxy') return onContainer(stop, ['docker', 'unpause'], '');
	const {proxies} = snapshot;
	const {dport} = hop.packet;
	const proxy =
		hop.kind === 'proxy' && proxies.read ? proxies.value.find(one => one.hostPort === dport && one.proto === hop.packet.proto) : null;
	return `kill -CONT ${proxy?.pid ?? /\((\d+)\)/.exec(hop.name)?.[1] ?? 'PID'}`;
}

/** A container's name, or "the host". */
function whose({hop}: Stop): string {
	return hop.of ?? 'the host';
}

function portOf({hop}: Stop): string {
	return hop.port === null ? hop.name : `${hop.port}/${hop.packet.proto}`;
}

function onContainer(stop: Stop, command: string[], otherwise: string): string {
	const name = targetOf(stop)?.name;
	return name ? quote([...command, name]) : otherwise;
}
