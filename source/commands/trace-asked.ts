import type {FlowRequest} from '../model/index.js';
import {anyPlan} from '../proof/any-plan.js';
import {anyone} from '../proof/anyone.js';
import {tracePlan} from '../proof/trace-plan.js';
import type {TraceAsked} from '../session/trace-request.js';
import type {Context} from './command.js';
import {requestOf} from './flow.js';

type Asked = Pick<Context, 'arguments' | 'own' | 'options'>;

/** `--from any`: the next request that comes, whoever sends it. */
export function isFromAny({own}: Pick<Context, 'own'>): boolean {
	return own.from === 'any';
}

/** The request that is traced; from anywhere: the host's, which tells what the target is. Rejects with UsageError like `requestOf`. */
export function requestTraced(context: Asked): FlowRequest {
	return requestOf(isFromAny(context) ? {...context, own: {...context.own, from: 'host'}} : context);
}

/** What a trace looks at, and how the request of whoever came is understood. */
export function planning(context: Asked): Pick<TraceAsked, 'plan' | 'anyone'> {
	const {timeoutSeconds, family} = context.options;
	if (!isFromAny(context)) return {plan: (path, send, snapshot) => tracePlan(path, send, snapshot, timeoutSeconds, Math.random())};
	return {
		plan: (path, _, snapshot) => anyPlan(path, snapshot, family, timeoutSeconds),
		anyone,
	};
}
