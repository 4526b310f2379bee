import {expect, test} from 'vitest';
import {pathOn, recorded, withRules} from '../diagnosis/recorded.js';

/** A firewall's rule in FORWARD that Docker's rules come before. */
test.each(['20', '26', '28'])(
	'engine %s: a rule behind the one that accepts a published port is named, and one that lets it pass is not',
	async engine => {
		const snapshot = await recorded(engine);
		const last = (rule: string) =>
			withRules(snapshot, text => text.replace(/(\*filter\n[\s\S]*?)COMMIT/, `$1[0:0] -A FORWARD ${rule}\nCOMMIT`));
		const says = (rule: string) => {
			const path = pathOn(last(rule), '10.99.0.1:8080', 'lan');
			expect(path.verdict).toBe('delivered');
			return path.hops.find(({name}) => name === 'FORWARD')?.says ?? '';
		};
		expect(says('-p tcp -m tcp --dport 80 -j DROP')).toMatch(
			/filter FORWARD rule \d+ drops 80\/tcp behind it, and is not met: filter DOCKER\S* rule \d+ accepts the packet before$/,
		);
		expect(says('-p tcp -m tcp --dport 81 -j DROP')).not.toMatch(/is not met/);
		expect(says('-p tcp -m tcp --dport 80 -j ACCEPT')).not.toMatch(/is not met/);
	},
);
