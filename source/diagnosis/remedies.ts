import type {CauseId} from '../model/index.js';
import {quote} from '../text/quote.js';
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
	'nothing-listens': stop =>
		whose(stop) === 'the host'
			? `start the program that should listen on ${portOf(stop)}, or publish a container's port there: docker run -p ${stop.hop.port}:PORT …`
			: `see why it does not listen on ${portOf(stop)}: ${quote(['docker', 'logs', '--tail', '50', whose(stop)])}`,
	'listens-on-loopback': stop =>
		`make the program in ${whose(stop)} listen on 0.0.0.0:${stop.hop.port} (its option --host, --bind or listen)`,
	'listens-elsewhere': stop =>
		`make the program in ${whose(stop)} listen on ${stop.hop.packet.dst} or on every address, port ${stop.hop.port}`,
	'backlog-full': stop =>
		onContainer(stop, ['docker', 'restart'], `see why the program on ${portOf(stop)} does not accept, and restart it`),
	'port-held': () => 'systemctl restart docker',
	'answered-by-another': stop => `stop the other one, or publish ${portOf(stop)} at another port or address`,
	paused: stop =>
		targetOf(stop)?.state === 'paused'
			? onContainer(stop, ['docker', 'unpause'], '')
			: `kill -CONT ${/\((\d+)\)/.exec(stop.hop.name)?.[1] ?? 'PID'}`,
	'not-running': stop => onContainer(stop, ['docker', 'start'], 'start the container'),
	'published-elsewhere': stop =>
		`publish it at every address (-p ${stop.hop.port}:${stop.path.to.port}), or ask at the address that it is published on`,
	'dns-unreachable': ({hop}) => quote(['docker', 'restart', hop.of ?? 'CONTAINER']),
	'name-not-found': stop => `give the name: docker run --add-host ${stop.hop.name}:ADDRESS …, or ask by address`,
	dropped: firewallRemedy,
	'policy-drop': firewallRemedy,
	rejected: firewallRemedy,
	'answer-not-translated': () => 'ask the container by its own name and port, or take the rule away that keeps the answer from the host',
	vanished: ({hop}) => `look with tcpdump where it gets lost: tcpdump -ni any port ${hop.packet.dport ?? ''}`.trimEnd(),
	'proxy-cannot-connect': stop => onContainer(stop, ['docker', 'restart'], 'mend what stands behind docker-proxy'),
};

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
