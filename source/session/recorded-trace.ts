import {hostPort} from '../address/ip.js';
import type {Trace, TracePlan} from '../model/index.js';

/** The last one among the traces of a recording that was made of the same request; undefined: there is none. */
export function recordedTrace(plan: TracePlan, traces: readonly Trace[]): Trace | undefined {
	const key = requestKey(plan);
	return traces.findLast(trace => requestKey(trace.plan) === key);
}

/** Why a recording has no trace of this request, and which it has; null: it has one. */
export function whyNoTrace(plan: TracePlan, traces: readonly Trace[]): string | null {
	if (recordedTrace(plan, traces)) return null;
	if (traces.length === 0) return 'the recording holds no trace (dockhop record FILE --trace TARGET makes one that does)';
	const held = new Set(traces.map(trace => asked(trace.plan)));
	return `the recording holds no trace of this request; it holds ${[...held].join(', ')}`;
}

/** What makes two plans the same request: who asks whom. Ports to send from, times and paths of URLs do not. */
function requestKey({send, first, asks}: TracePlan): string {
	if (asks) return JSON.stringify(['any', first.proto, asks]);
	const {proto, address, ports} = first;
	return JSON.stringify(send ? [proto, send.from, send.host, send.port, send.family] : [proto, 'lan', address, ports]);
}

/** "host → 127.0.0.1:8080", "lan → 10.99.0.1:8080" */
function asked({send, first, places, asks}: TracePlan): string {
	if (asks) return `any → ${places.at(-1)?.names[0] ?? ''}:${asks.at(-1)?.port}${first.proto === 'udp' ? '/udp' : ''}`;
	if (!send) return `lan → ${hostPort(first.address ?? '', first.ports[0])}`;
	const {from} = send;
	const name = from.kind === 'host' ? 'host' : (places.find(({key}) => key === from.id)?.names[0] ?? from.id.slice(0, 12));
	return `${name} → ${hostPort(send.host, send.port)}${send.scheme === 'udp' ? '/udp' : ''}`;
}
