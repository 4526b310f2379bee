import {isIP} from 'node:net';
import type {ProbePlan} from '../model/index.js';
import {ownProgram} from '../process/own-program.js';
import {clean} from '../text/clean.js';
import {type Attempt, noTimings, notSent} from './attempt.js';
import {duration, reasonOf} from './errno.js';
import type {Sender} from './sender.js';

/**
 * Sends one datagram and waits for any answer. The socket is connected, so that the kernel reports an ICMP error to it
 * (udp(7): of the unreachables only port, protocol and administrative ones; network and host unreachable stay silent).
 */
export async function sendDatagram(plan: ProbePlan, sender: Sender, signal: AbortSignal): Promise<Attempt> {
	const ms = plan.timeoutSeconds * 1000;
	const from = plan.from.kind === 'host' ? (plan.from.address ?? '') : '';
	const payload = payloadFor(plan.target?.port ?? plan.port).toString('hex');
	const ports = plan.localPorts?.join('-') ?? '0-0';
	const words = [plan.host, String(plan.port), String(plan.family ?? 0), String(ms), from, payload, ports];
	const argv = ownProgram(client, words);
	const ran = await sender.run(argv, {timeoutMs: ms + 2000, signal, env: {NODE_OPTIONS: ''}});
	let report: Report;
	try {
		report = JSON.parse(ran.stdout) as Report;
	} catch {
		return notSent(`the datagram was not sent: ${clean(ran.stderr.trim() || ran.failure || 'no report', 300)}`);
	}
	return {
		...notSent(''),
		...endingOf(plan, report, ms),
		timings: {...noTimings, namelookup: isIP(plan.host) ? null : report.lookup, firstByte: report.answered, total: report.total},
		localAddress: report.local?.address ?? null,
		localPort: report.local?.port ?? null,
		remoteAddress: report.remote,
		remotePort: plan.port,
	};
}

/** What the client below prints. Times in milliseconds since it began. */
interface Report {
	lookup: number | null;
	answered: number | null;
	total: number;
	errno: string | null;
	remote: string | null;
	local: {address: string; port: number} | null;
}

function endingOf(plan: ProbePlan, {answered, errno, remote, total}: Report, ms: number): Pick<Attempt, 'ending' | 'errno' | 'error'> {
	if (answered !== null) return {ending: 'answered', errno: null, error: null};
	if (remote === null) return {ending: 'nameless', errno: null, error: `no address for the name ${clean(plan.host)} (${errno})`};
	if (errno) return {ending: 'failed', errno, error: reasonOf(errno, total)};
	return {ending: 'silent', errno: null, error: `no answer within ${duration(ms)}: UDP does not tell whether it arrived`};
}

/**
 * Most UDP services answer only a question of their own kind. For the two that are published most, that is a harmless one
 * (RFC 1035: the root's name servers; RFC 5905: an NTP client's request); every other gets an empty line.
 */
function payloadFor(port: number): Buffer {
	if (port === 53) return Buffer.from('d0c0010000010000000000000000020001', 'hex');
	if (port === 123) return Buffer.concat([Buffer.from([0x23]), Buffer.alloc(47)]);
	return Buffer.from('\n');
}

/** Runs as a program of its own, in the origin's namespace. */
const client = `
const [, host, there, family, ms, from, payload, ports] = process.argv;
const began = performance.now();
const report = {lookup: null, answered: null, total: 0, errno: null, remote: null, local: null};
const since = () => Math.round((performance.now() - began) * 1000) / 1000;
const done = () => {
	report.total = since();
	console.log(JSON.stringify(report));
	process.exit();
};
setTimeout(() => {
	if (report.remote === null) report.errno = 'ETIMEDOUT';
	done();
}, Number(ms));
const fail = error => {
	report.errno = error.code ?? error.message;
	done();
};
require('node:dns').lookup(host, {family: Number(family)}, (error, address, version) => {
	if (error) return fail(error);
	report.remote = address;
	report.lookup = since();
	const socket = require('node:dgram').createSocket(version === 6 ? 'udp6' : 'udp4');
	const [low, high] = ports.split('-').map(Number);
	let port = low;
	// A port that another socket has: the next one.
	socket.on('error', error => (error.code === 'EADDRINUSE' && port < high ? bind(++port) : fail(error)));
	socket.on('message', () => {
		report.answered = since();
		done();
	});
	socket.on('connect', () => {
		report.local = socket.address();
		socket.send(Buffer.from(payload, 'hex'), error => error && fail(error));
	});
	const bind = own => socket.bind({port: own, address: from || undefined, exclusive: true});
	socket.on('listening', () => socket.connect(Number(there), address));
	bind(port);
});`;
