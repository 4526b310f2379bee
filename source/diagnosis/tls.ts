import type {ProbePlan, ProbeResult} from '../model/index.js';

/** The same request in TLS, where a plain one arrived and was not understood; null where that would tell nothing. */
export function tlsPlan(plan: ProbePlan, {reached, httpStatus, error}: ProbeResult): ProbePlan | null {
	if (plan.scheme !== 'http' && plan.scheme !== 'tcp') return null;
	const strange = httpStatus === 400 || (httpStatus === null && /another protocol|not in HTTP/.test(error ?? ''));
	return reached === true && strange ? {...plan, scheme: 'https'} : null;
}

/** The handshake took place: an HTTP answer, or only the certificate was not trusted. */
export function speaksTls({httpStatus, error, timings}: ProbeResult): boolean {
	return httpStatus !== null || timings.tls !== null || /certificate is not trusted/.test(error ?? '');
}

/** It answered a TLS handshake with something else than TLS (OpenSSL, GnuTLS and others each have words of their own for that). */
export function answersPlain({reached, exitCode, error}: ProbeResult): boolean {
	return (
		reached === true &&
		exitCode === 35 &&
		/wrong version number|packet length|unexpected TLS packet|http request|record layer/i.test(error ?? '')
	);
}
