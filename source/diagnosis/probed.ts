import {hostPort} from '../address/ip.js';
import type {DoctorFinding, Evidence, ProbeResult} from '../model/index.js';
import type {Walked} from './examine.js';
import type {Fault} from './fault.js';
import {requestWords} from './request-words.js';
import {answersPlain, speaksTls} from './tls.js';

/**
 * What a real request showed that its explanation did not tell; nothing where it fared as explained, or nobody can tell. inTls: what the same
 * request in TLS showed, where it was sent.
 */
export function probedFindings({path, request}: Walked, result: ProbeResult, inTls: ProbeResult | null = null): DoctorFinding[] {
	const words = requestWords(request);
	const seen: Evidence = {fact: seenWords(result), source: 'a real request', command: result.command, certainty: 'observed'};
	const found = (finding: Pick<DoctorFinding, 'id' | 'severity' | 'summary' | 'remedy'>): DoctorFinding[] => [
		{...finding, hop: null, at: null, evidence: [seen], requests: [words]},
	];
	const local = path.verdict === 'blocked' ? null : ownTrouble(result, path.from.name);
	if (local) return found({severity: 'error', ...local});
	const {host, port} = {host: path.hops[0]?.packet.dst ?? path.to.name, port: path.hops[0]?.packet.dport ?? path.to.port};
	if (answersPlain(result))
		return found({
			id: 'plain-not-tls',
			severity: 'warning',
			summary: `${path.to.name} answers ${words} without TLS: it speaks plain text there`,
			remedy: `ask for http://${hostPort(host, port)}/`,
		});
	if (inTls && speaksTls(inTls))
		return found({
			id: 'tls-not-plain',
			severity: 'warning',
			summary: `${path.to.name} speaks TLS on ${words}, and does not understand a plain request`,
			remedy: `ask for https://${hostPort(host, port)}/`,
		});
	if (result.reached === false && path.verdict !== 'blocked') {
		const expected = path.verdict === 'undetermined' ? 'could not be told, and' : 'should have arrived, but';
		return found({
			id: 'not-as-explained',
			severity: 'error',
			summary: `${words} ${expected} it did not: ${seen.fact}`,
			remedy: `dockhop trace ${words}`,
		});
	}
	if (result.reached === true && path.verdict === 'blocked')
		return found({
			id: 'not-as-explained',
			severity: 'warning',
			summary: `${words} should have been stopped, but arrived`,
			remedy: `dockhop trace ${words}`,
		});
	const status = result.httpStatus ?? 0;
	if (status < 500) return [];
	const {name} = path.to;
	return found({
		id: 'http-error',
		severity: 'warning',
		summary: `${name} answers ${words} with HTTP ${status}`,
		remedy: `docker logs --tail 50 ${name}`,
	});
}

/** What the sender's own kernel refused, before anything left. */
function ownTrouble({errno}: ProbeResult, from: string): {id: string; summary: string; remedy: string} | null {
	if (errno === 'EADDRNOTAVAIL')
		return {
			id: 'source-ports-used-up',
			summary: `${from} has no free port left to send from`,
			remedy: 'keep connections open instead of making new ones, or widen net.ipv4.ip_local_port_range',
		};
	// EPERM has more causes than these (a policy of IPsec, a rule that drops what leaves): it stays a request that fared otherwise.
	if (errno === 'EACCES')
		return {
			id: 'security-module',
			summary: `the kernel does not let ${from} connect (${errno})`,
			remedy: `look for a denial: ausearch -m AVC -ts recent; journalctl -k | grep -i apparmor`,
		};
	return null;
}

function seenWords({error, errno, httpStatus, reached}: ProbeResult): string {
	return error ?? errno ?? (httpStatus === null ? (reached ? 'reached' : 'no answer') : `HTTP ${httpStatus}`);
}

/** The words of what only a real request shows. */
export const probedFaults: readonly Fault[] = [
	{
		id: 'plain-not-tls',
		words: {
			title: 'it was asked in TLS and speaks plain text',
			about: 'The request arrived, and the program answered the TLS handshake with plain text: the network is in order, the scheme is not.',
			more: ['curl says "wrong version number", browsers "ERR_SSL_PROTOCOL_ERROR".'],
			see: [['curl -v http://HOST:PORT/', 'an answer']],
			todo: ['Ask with http://, or let a proxy in front speak TLS.'],
		},
	},
	{
		id: 'tls-not-plain',
		words: {
			title: 'it was asked in plain text and speaks TLS',
			about: 'The request arrived, and the program closed it or said "400 plain HTTP request was sent to HTTPS port": it wants TLS.',
			more: ['curl says "Empty reply from server" or "Received HTTP/0.9 when not allowed".'],
			see: [['curl -vk https://HOST:PORT/', 'a certificate, and an answer']],
			todo: ['Ask with https://.'],
		},
	},
	{
		id: 'source-ports-used-up',
		words: {
			title: 'no port is left to send from',
			about:
				'Every connection to one address and port needs a source port of its own. All of the range are in use or wait in TIME_WAIT, so that the kernel refuses a new one (EADDRNOTAVAIL, "Cannot assign requested address").',
			more: [
				'Programs that open a connection for every request do that under load.',
				'Where a namespace has as many TCP sockets as ports to send from, a request from there is told as undetermined; a real one shows it (`--probe`).',
			],
			see: [
				['ss -s', 'how many connections there are'],
				['sysctl net.ipv4.ip_local_port_range', 'the ports to send from'],
			],
			todo: ['Keep connections open (keep-alive, a pool), or widen net.ipv4.ip_local_port_range.'],
		},
	},
	{
		id: 'security-module',
		words: {
			title: 'a security module forbids the connection',
			about:
				"The sender's own kernel refused to connect (EACCES), although nothing on the way says so: SELinux, AppArmor or another security module. Not tested live.",
			more: [
				'nginx says "(13: Permission denied) while connecting to upstream" and answers 502: with SELinux the switch httpd_can_network_connect is off.',
			],
			see: [['ausearch -m AVC -ts recent', 'denied { name_connect }']],
			todo: ['`setsebool -P httpd_can_network_connect 1`, or the like for the program at hand.'],
		},
	},
	{
		id: 'not-as-explained',
		words: {
			title: 'the request fared otherwise than explained',
			about:
				'A real request was sent, and it did not fare as what was read says: something stands in its way, or lets it pass, that dockhop does not see.',
			more: ['A program of eBPF, a queue, a limit of the container, or a change between reading and asking.'],
			see: [['dockhop trace TARGET', 'what the kernel did with the request, hop by hop']],
			todo: ['Trace the request, and look at the hop where it differs.'],
		},
	},
	{
		id: 'http-error',
		words: {
			title: 'the program answers with an error of its own',
			about: 'The network is in order: the request arrived, and the program answered it with an HTTP status of 500 or more.',
			more: ['A reverse proxy says 502 or 504 where the program behind it does not answer: look at that request next.'],
			see: [['docker logs CONTAINER', 'what the program says']],
			todo: ['Look into the log of the program.'],
		},
	},
];
