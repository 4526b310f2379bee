import type {ProbePlan} from '../../source/model/index.js';
import type {Ending} from '../../source/probe/attempt.js';

/** Requests by wget, whose real output is kept in fixtures/ beside curl's, and how it has to be read. */
export interface WgetCase {
	name: string;
	plan: Partial<ProbePlan>;
	ending: Ending;
	errno?: string;
	httpStatus?: number;
}

export const wgetCases: WgetCase[] = [
	{name: '200', plan: {}, ending: 'answered', httpStatus: 200},
	{name: '404', plan: {path: '/404'}, ending: 'answered', httpStatus: 404},
	{name: 'ipv6', plan: {host: 'fd77::2'}, ending: 'answered', httpStatus: 200},
	{name: 'silent', plan: {port: 23}, ending: 'silent'},
	{name: 'closes', plan: {port: 24}, ending: 'closed'},
	{name: 'closes on HTTP', plan: {port: 26}, ending: 'closed'},
	{name: 'refused', plan: {port: 99}, ending: 'failed', errno: 'ECONNREFUSED'},
	{name: 'no neighbour', plan: {host: '10.77.0.9', timeoutSeconds: 5}, ending: 'failed', errno: 'EHOSTUNREACH'},
	{name: 'no route', plan: {host: '198.51.100.1'}, ending: 'failed', errno: 'ENETUNREACH'},
	{name: 'no such name', plan: {host: 'nosuch.invalid'}, ending: 'nameless'},
];
