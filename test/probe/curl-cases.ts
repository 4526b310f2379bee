import type {ProbePlan} from '../../source/model/index.js';
import type {Ending} from '../../source/probe/attempt.js';

/** Requests whose real output is kept in fixtures/ (test/engine/probe-capture.test.ts writes it) and how it has to be read. */
export interface CurlCase {
	name: string;
	plan: Partial<ProbePlan>;
	/** Programs that make and undo the fault, in the lab's host or target namespace. */
	fault?: {side: 'host' | 'target'; make: string[]; undo: string[]};
	ending: Ending;
	errno?: string;
	httpStatus?: number;
	/** A part of the reason; null: there is none. */
	error: string | null;
}

export const curlCases: CurlCase[] = [
	{name: '200', plan: {}, ending: 'answered', httpStatus: 200, error: null},
	{name: '404', plan: {path: '/404'}, ending: 'answered', httpStatus: 404, error: '404'},
	{name: 'ipv6', plan: {host: 'fd77::2'}, ending: 'answered', httpStatus: 200, error: null},
	{name: 'banner', plan: {port: 22}, ending: 'answered', error: 'not in HTTP'},
	{name: 'silent', plan: {port: 23}, ending: 'silent', error: 'timed out'},
	{name: 'closes', plan: {port: 24}, ending: 'closed', error: 'Empty reply'},
	{name: 'resets', plan: {port: 25}, ending: 'closed', error: ''},
	{name: 'tls to a plain server', plan: {scheme: 'https'}, ending: 'answered', error: 'TLS handshake fails'},
	{name: 'tls to one that closes', plan: {scheme: 'https', port: 24}, ending: 'closed', error: ''},
	{name: 'tls to a silent one', plan: {scheme: 'https', port: 23}, ending: 'silent', error: 'timed out'},
	{name: 'certificate', plan: {scheme: 'https', port: 443}, ending: 'answered', error: 'certificate is not trusted'},
	{name: 'refused', plan: {port: 99}, ending: 'failed', errno: 'ECONNREFUSED', error: 'nothing listens there, or a firewall rejects'},
	{name: 'refused by a name', plan: {host: 'localhost', port: 99}, ending: 'failed', errno: 'ECONNREFUSED', error: 'connection refused'},
	{name: 'no neighbour', plan: {host: '10.77.0.9', timeoutSeconds: 5}, ending: 'failed', errno: 'EHOSTUNREACH', error: 'nobody answered'},
	{
		name: 'no neighbour ipv6',
		plan: {host: 'fd77::9', timeoutSeconds: 5},
		ending: 'failed',
		errno: 'EHOSTUNREACH',
		error: 'nobody answered',
	},
	{name: 'no route', plan: {host: '198.51.100.1'}, ending: 'failed', errno: 'ENETUNREACH', error: 'no route leads there'},
	{name: 'no route ipv6', plan: {host: '2001:db8::1'}, ending: 'failed', errno: 'ENETUNREACH', error: 'no route leads there'},
	{
		name: 'no such source',
		plan: {from: {kind: 'host', address: '10.55.0.1'}},
		ending: 'failed',
		errno: 'EADDRNOTAVAIL',
		error: 'send from',
	},
	{name: 'no such name', plan: {host: 'nosuch.invalid'}, ending: 'nameless', error: 'no address for the name nosuch.invalid'},
	wall('drop', 'ETIMEDOUT', 'dropped on the way'),
	wall('reject with tcp reset', 'ECONNREFUSED', 'connection refused'),
	wall('reject with icmp type host-unreachable', 'EHOSTUNREACH', 'a firewall or router rejects it'),
	wall('reject with icmp type net-unreachable', 'ENETUNREACH', 'network is unreachable'),
	wall('reject with icmp type prot-unreachable', 'ENOPROTOOPT', 'protocol unreachable'),
	route('unreachable', 'EHOSTUNREACH', 'no route to host'),
	route('prohibit', 'EACCES', 'prohibit'),
	route('blackhole', 'EINVAL', 'blackhole'),
];

function wall(verdict: string, errno: string, error: string): CurlCase {
	const rule = `add table ip wall; add chain ip wall in { type filter hook input priority 0; }; add rule ip wall in tcp dport 80 ${verdict}`;
	const fault = {side: 'target' as const, make: ['nft', rule], undo: ['nft', 'delete table ip wall']};
	return {name: verdict, plan: {}, fault, ending: 'failed', errno, error};
}

function route(type: string, errno: string, error: string): CurlCase {
	const argv = (verb: string) => ['ip', 'route', verb, type, '203.0.113.0/24'];
	const fault = {side: 'host' as const, make: argv('add'), undo: argv('del')};
	return {name: `route of type ${type}`, plan: {host: '203.0.113.1'}, fault, ending: 'failed', errno, error};
}
