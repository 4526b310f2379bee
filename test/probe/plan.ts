import type {ProbePlan} from '../../source/model/index.js';

/** One base plan; a test changes the fields that it is about. */
export function plan(fields: Partial<ProbePlan>): ProbePlan {
	return {
		from: {kind: 'host', address: null},
		scheme: 'tcp',
		host: '10.77.0.2',
		port: 80,
		path: '/',
		family: null,
		target: {containerId: 'b'.repeat(64), port: fields.port ?? 80},
		explained: 'delivered',
		standsInFor: null,
		timeoutSeconds: 2,
		...fields,
	};
}
