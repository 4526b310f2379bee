import {expect, test} from 'vitest';
import {conclude} from '../../source/diagnosis/conclude.js';
import {examine, type Walked} from '../../source/diagnosis/examine.js';
import {probedFindings} from '../../source/diagnosis/probed.js';
import {tlsPlan} from '../../source/diagnosis/tls.js';
import type {FlowRequest, ProbePlan, ProbeResult} from '../../source/model/index.js';
import {recorded, withRule} from './recorded.js';

const answered: ProbeResult = {
	command: 'curl',
	reached: true,
	agreement: true,
	exitCode: 0,
	errno: null,
	httpStatus: 200,
	error: null,
	timings: {namelookup: null, connect: 1, tls: null, firstByte: 2, total: 3},
	localAddress: null,
	localPort: null,
	remoteAddress: null,
	remotePort: null,
};
// As curl 7.88 with OpenSSL 3 reported them, asked from the host.
const plainInTls = {
	httpStatus: null,
	exitCode: 35,
	error: 'it answers, but the TLS handshake fails: OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number',
};
const tlsInPlain = {httpStatus: null, exitCode: 52, error: 'taken by the target, which closes on HTTP: it speaks another protocol'};
const untrusted = {
	httpStatus: null,
	exitCode: 60,
	error: 'it answers, but its certificate is not trusted: SSL certificate problem: self-signed certificate',
};

async function walked(from: 'host' | 'lan', snapshot = recorded('28')): Promise<Walked> {
	const request: FlowRequest = {
		target: {kind: 'container', name: 'www', port: 80, proto: 'tcp'},
		origin: {kind: from, address: null},
		family: null,
	};
	const explanation = conclude(await snapshot, request);
	if ('usage' in explanation) throw new Error(explanation.usage);
	return {request, aim: 'inwards', isSent: true, path: explanation.path};
}

const ids = async (result: Partial<ProbeResult>, inTls: Partial<ProbeResult> | null = null) =>
	probedFindings(await walked('host'), {...answered, ...result}, inTls && {...answered, ...inTls}).map(({id}) => id);

test('an answer is no finding', async () => {
	expect(await ids({})).toEqual([]);
});

test('plain text where TLS was asked for, and TLS where plain text was', async () => {
	expect(await ids(plainInTls)).toEqual(['plain-not-tls']);
	expect(await ids(tlsInPlain, untrusted)).toEqual(['tls-not-plain']);
	// Neither: another protocol.
	expect(await ids(tlsInPlain, {...plainInTls, error: 'closed', exitCode: 35})).toEqual([]);
});

test('TLS is asked for only where a plain request arrived and was not understood', () => {
	const plan = {scheme: 'tcp'} as ProbePlan;
	expect(tlsPlan(plan, {...answered, ...tlsInPlain})?.scheme).toBe('https');
	expect(tlsPlan(plan, {...answered, httpStatus: 400})?.scheme).toBe('https');
	expect(tlsPlan(plan, answered)).toBeNull();
	expect(tlsPlan(plan, {...answered, ...tlsInPlain, reached: false})).toBeNull();
	expect(tlsPlan({...plan, scheme: 'https'}, {...answered, ...tlsInPlain})).toBeNull();
});

test("what the sender's own kernel refused", async () => {
	expect(await ids({reached: false, httpStatus: null, errno: 'EADDRNOTAVAIL'})).toEqual(['source-ports-used-up']);
	expect(await ids({reached: false, httpStatus: null, errno: 'EACCES'})).toEqual(['security-module']);
	for (const errno of ['EPERM', 'ECONNREFUSED']) expect(await ids({reached: false, httpStatus: null, errno})).toEqual(['not-as-explained']);
});

test('a finding tells from where the same request arrives', async () => {
	const broken = recorded('28').then(snapshot => withRule(snapshot, '-A DOCKER-USER -i eth0 -j DROP'));
	const rounds = [await walked('host', broken), await walked('lan', broken)];
	const snapshot = await broken;
	const facts = (arrived: string[]) =>
		examine(snapshot, rounds, {findings: [], arrived}).findings[0]?.evidence.filter(({source}) => source === 'another origin');
	expect(facts([])).toMatchObject([
		{fact: 'from host the same request arrives', certainty: 'inferred', command: 'dockhop flow www:80 --from host'},
	]);
	expect(facts(['www:80 --from host'])).toMatchObject([{certainty: 'observed', command: 'dockhop probe www:80 --from host'}]);
});
