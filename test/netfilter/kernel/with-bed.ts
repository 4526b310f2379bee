import {afterAll, beforeAll} from 'vitest';
import {type Bed, startBed} from './bed.js';
import {ipsets} from './iptables-rules.js';
import {must} from './namespaces.js';

/** A testbed for the tests of a file or group, with the sets that random rules of iptables name. Gives it while they run. */
export function withBed(): () => Bed {
	let bed: Bed | null = null;
	beforeAll(async () => {
		bed = await startBed();
		await must([...bed.enter.host, 'ipset', 'restore'], ipsets);
	}, 60_000);
	afterAll(() => bed?.down());
	return () => {
		if (!bed) throw new Error('the testbed did not start');
		return bed;
	};
}
