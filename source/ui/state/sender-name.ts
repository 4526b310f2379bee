import type {ProbePlan, Snapshot} from '../../model/index.js';
import {engineOf} from '../../rows/inventory.js';

/** Name of where a request is sent from: "host" or a container's. */
export function senderName(snapshot: Snapshot | null, {from}: ProbePlan): string {
	if (from.kind === 'host') return 'host';
	const container = snapshot && engineOf(snapshot).containers.find(({id}) => id === from.id);
	return container?.name ?? from.id.slice(0, 12);
}
