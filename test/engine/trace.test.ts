import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {curl, told, trace, traceLan} from './trace-lab.ts';

describe.each(engines)('traces on engine %s', engine => {
	const lab = useLab({engine}, sceneSix);

	it.each([
		['www:80'],
		['[::1]:8080'],
		['10.99.0.1:8080'],
		['tiny'],
		['hosty:9000'],
		['other:80'],
		['web:80', '--from', 'app'],
		['http://host.docker.internal:8080/', '--from', 'app'],
	])('%s %s %s: delivered, seen at every hop', async (...ask) => {
		const document = await trace(lab(), ...ask);
		expect(document, told(document)).toMatchObject({
			verdict: 'delivered',
			blockedAt: null,
			lost: null,
			agreement: true,
			differs: [],
			notSeen: [],
		});
		for (const hop of document.hops) expect(hop.observed.seen, `${hop.kind} ${hop.name}\n${told(document)}`).toBe(true);
	});

	it.each(['http://10.99.0.1:8080/', 'http://[fd00:99::1]:8080/'])('from the LAN, %s: delivered, with the rules that it met', async url => {
		const target = url.replace(/^http:\/\/|\/$/g, '');
		const document = await traceLan(lab(), [target], curl(url));
		expect(document, told(document)).toMatchObject({verdict: 'delivered', agreement: true, differs: []});
		for (const hop of document.hops) expect(hop.observed.seen, `${hop.kind} ${hop.name}\n${told(document)}`).toBe(true);
		const times = document.hops.flatMap(hop => hop.observed.packets[0]?.us ?? []);
		expect(times).toEqual([...times].sort((a, b) => a - b));
		for (const hop of document.hops.filter(({kind}) => kind === 'netfilter')) {
			expect(hop.observed.rules.length).toBeGreaterThan(0);
			// What the walk had said of each rule that the kernel names: it matches.
			expect(hop.observed.rules.filter(({rule, explained}) => rule !== null && explained !== true)).toEqual([]);
			expect(hop.observed.conntrack.map(({event}) => event)).toContain('NEW');
		}
	});

	it('no request in time: undetermined, as explained', async () => {
		const document = await traceLan(lab(), ['www:80'], ['true']);
		expect(document).toMatchObject({verdict: 'undetermined', agreement: null, observation: 'no request came within 2.5 s'});
		expect(document.hops.every(hop => hop.observed.seen === null)).toBe(true);
	});
});
