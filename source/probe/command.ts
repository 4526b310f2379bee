import {hostPort} from '../address/ip.js';
import type {ProbePlan, Snapshot} from '../model/index.js';
import {quote} from '../text/quote.js';

/** The line by which a person sends the same request: `docker exec app curl --fail http://web/`. Pure: known before it is sent. */
export function commandLine(plan: ProbePlan, snapshot: Snapshot): string {
	// A person sends a datagram with netcat: -u UDP, -w seconds to wait for the answer.
	if (plan.scheme === 'udp') return `echo | ${quote([...inContainer(plan, snapshot, ['-i']), ...netcat(plan)])}`;
	return quote([...inContainer(plan, snapshot), 'curl', '--fail', ...choices(plan), urlOf(plan)]);
}

/** The same with wget, for a container that has no curl. */
export function wgetLine(plan: ProbePlan, snapshot: Snapshot): string {
	return quote([...inContainer(plan, snapshot), 'wget', '-O', '/dev/null', urlOf(plan)]);
}

/** The same with the host's curl in the container's network namespace, for a container that has neither. */
export function nsenterLine(plan: ProbePlan, pid: number, address: string | null): string {
	const resolve = address && address !== plan.host ? ['--resolve', `${hostPort(plan.host, plan.port)}:${address}`] : [];
	return quote(['nsenter', '-t', String(pid), '-n', 'curl', '--fail', ...choices(plan), ...resolve, urlOf(plan)]);
}

/** The URL that is asked for; a tcp target is asked by HTTP first. The scheme's own port is left out. */
export function urlOf({scheme, host, port, path}: ProbePlan): string {
	const protocol = scheme === 'https' ? 'https' : 'http';
	const usual = port === (protocol === 'https' ? 443 : 80);
	const authority = usual ? hostPort(host, port).replace(/:\d+$/, '') : hostPort(host, port);
	return `${protocol}://${authority}${path.startsWith('/') ? path : `/${path}`}`;
}

/** curl's options for the choices that a plan makes: the family and the address to send from. */
export function choices(plan: ProbePlan): string[] {
	const from = plan.from.kind === 'host' ? plan.from.address : null;
	return [...(plan.family ? [`-${plan.family}`] : []), ...(from ? ['--interface', from] : [])];
}

function netcat(plan: ProbePlan): string[] {
	const from = plan.from.kind === 'host' && plan.from.address ? ['-s', plan.from.address] : [];
	return ['nc', '-u', '-w', String(Math.ceil(plan.timeoutSeconds)), ...from, plan.host, String(plan.port)];
}

function inContainer(plan: ProbePlan, {engine}: Snapshot, options: string[] = []): string[] {
	const {from} = plan;
	if (from.kind === 'host') return [];
	const inventory = engine.read ? engine.value : null;
	const name = inventory?.containers.find(({id}) => id === from.id)?.name ?? from.id.slice(0, 12);
	return [inventory?.flavour === 'podman' ? 'podman' : 'docker', 'exec', ...options, name];
}
