import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Gap, Path, Trace} from '../../source/model/index.ts';
import {prove} from '../../source/proof/prove.ts';

/** Real traces of a real engine 28.5; each test changes one thing of them. */
function recorded(name: string): {path: Path; trace: Trace} {
	return JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8'));
}

const busy: Gap = {id: 'read-failed', why: 'too busy', tell: ''};

describe.each(['lan-published', 'host-through-proxy', 'container-to-container'])('%s', name => {
	it('delivered, seen everywhere, as explained', () => {
		const {path, trace} = recorded(name);
		const proof = prove(path, trace);
		expect(proof).toMatchObject({agreement: true, differs: [], notSeen: [], path: {verdict: 'delivered', blockedAt: null, lost: null}});
		expect(proof.observed.map(({seen}) => seen)).toEqual(path.hops.map(() => true));
	});

	it('where the walk says nothing of its own, what was seen decides', () => {
		const {path, trace} = recorded(name);
		const proof = prove({...path, verdict: 'undetermined'}, trace);
		expect(proof).toMatchObject({agreement: null, path: {verdict: 'delivered'}, explained: {verdict: 'undetermined'}});
	});

	it('nothing could be looked at: nothing was seen and nothing is missed', () => {
		const {path, trace} = recorded(name);
		const sights = trace.sights.map(({place}) => ({place, packets: busy, rules: busy, conntrack: busy}));
		const proof = prove(path, {...trace, probe: null, sights, packets: [], passes: [], connections: [], questions: []});
		expect(proof.agreement).toBeNull();
		expect(proof.path.verdict).toBe('undetermined');
		expect(proof.observed.every(({seen}) => seen === null)).toBe(true);
	});

	it('a place that cannot be looked at is no place where the packet was missed', () => {
		const {path, trace} = recorded(name);
		const blind = trace.sights.find(({place}) => place !== 'host')?.place ?? '';
		const proof = prove(path, {
			...trace,
			sights: trace.sights.map(sight => (sight.place === blind ? {...sight, packets: busy, rules: busy, conntrack: busy} : sight)),
			packets: trace.packets.filter(({place}) => place !== blind),
			passes: trace.passes.filter(({place}) => place !== blind),
		});
		expect(proof.observed.some(({seen}) => seen === false)).toBe(false);
		expect(proof.differs).toEqual([]);
		expect(proof.notSeen[0]).toContain('too busy');
	});
});

describe('others left no room in the trace of the rules', () => {
	const {path, trace} = recorded('lan-published');
	const leftOut = {opening: true, following: true};
	const crowded = {...trace, sights: trace.sights.map(sight => ({...sight, leftOut}))};

	it('a connection whose first packet was traced is seen as ever', () => {
		const proof = prove(path, crowded);
		expect(proof).toMatchObject({agreement: true, differs: [], notSeen: [], path: {verdict: 'delivered'}});
		expect(proof.observed.every(({seen}) => seen === true)).toBe(true);
	});

	it('one that was left out is nowhere missed: its hops in rules cannot be told, and it says why', () => {
		const proof = prove(path, {...crowded, passes: []});
		expect(proof).toMatchObject({agreement: true, differs: [], path: {verdict: 'delivered'}});
		for (const [index, {kind}] of path.hops.entries()) {
			const gap = {why: expect.stringContaining('too many other requests')};
			if (kind === 'netfilter') expect(proof.observed[index]).toMatchObject({seen: null, gap});
			else expect(proof.observed[index]?.seen).toBe(true);
		}
		expect(proof.notSeen.join()).toContain('too many other requests');
		// The positive control: had nothing been left out, they would be missed.
		expect(prove(path, {...trace, passes: []}).differs.length).toBeGreaterThan(0);
	});
});

it('without tcpdump the rules alone show it, also behind docker-proxy', () => {
	const {path, trace} = recorded('host-through-proxy');
	const sights = trace.sights.map(sight => ({...sight, packets: busy}));
	const proof = prove(path, {...trace, sights, packets: [], bytes: [], questions: [], errors: []});
	expect(proof).toMatchObject({agreement: true, differs: [], path: {verdict: 'delivered'}});
	expect(proof.observed.map(({seen}) => seen)).toEqual([true, null, true, true, null, null, null, true, true]);
});

it('without nft the packets alone show it', () => {
	const {path, trace} = recorded('lan-published');
	const sights = trace.sights.map(sight => ({...sight, rules: busy}));
	const proof = prove(path, {...trace, sights, passes: []});
	expect(proof).toMatchObject({agreement: true, differs: [], path: {verdict: 'delivered'}});
	expect(proof.observed.map(({seen}) => seen)).toEqual([true, true, null, true, null, true, true, true, true, true]);
});

describe('the request is lost', () => {
	it('a qdisc swallows it: vanished between the last hop that saw it and the first that did not, with the counter that moved', () => {
		const {path, trace} = recorded('vanished');
		const proof = prove(path, trace);
		expect(proof).toMatchObject({agreement: false, explained: {verdict: 'delivered'}, path: {verdict: 'blocked', lost: 'request'}});
		const hop = proof.path.hops[proof.path.blockedAt ?? 0];
		expect(hop).toMatchObject({kind: 'veth', verdict: 'blocks', cause: 'vanished'});
		expect(proof.says).toMatch(/^vanished between bridge docker0 and veth\S+ \(veth\S+: dropped by qdisc tbf \S+: \+4\)$/);
		expect(proof.path.hops.slice((proof.path.blockedAt ?? 0) + 1).map(({verdict}) => verdict)).toEqual([
			'notReached',
			'notReached',
			'notReached',
		]);
	});

	it('a rule that the walk did not know drops it', () => {
		const {path, trace} = recorded('lan-published');
		const passes = trace.passes.filter(
			({place, layer, hook, edge}) => place === 'host' && layer === 'ip' && hook === 'prerouting' && edge !== 'last',
		);
		const dropped = passes.map(pass =>
			pass.rules[0]?.table === 'raw' ? {...pass, dropped: true, rules: [{...pass.rules[0], verdict: 'policy drop'}]} : pass,
		);
		const proof = prove(path, {
			...trace,
			passes: dropped,
			packets: trace.packets.filter(({interface: link}) => link === 'eth0').slice(0, 1),
		});
		expect(proof).toMatchObject({agreement: false, path: {verdict: 'blocked', blockedAt: 2, lost: 'request'}});
		expect(proof.path.hops[2]).toMatchObject({kind: 'netfilter', cause: 'policy-drop', says: expect.stringContaining('ip raw PREROUTING')});
	});

	it('it goes into a hook and not out, and no rule was seen to drop it (legacy rules)', () => {
		const {path, trace} = recorded('lan-published');
		const upTo = trace.passes.findIndex(({hook, edge}) => hook === 'forward' && edge === 'last');
		const proof = prove(path, {...trace, passes: trace.passes.slice(0, upTo), packets: trace.packets.slice(0, 1)});
		expect(proof.path).toMatchObject({verdict: 'blocked', blockedAt: 4, lost: 'request'});
		expect(proof.path.hops[4]).toMatchObject({cause: 'vanished', says: expect.stringContaining('did not come out')});
	});

	it('an answer came although the request was never seen at its target: not green', () => {
		const {path, trace} = recorded('vanished');
		const probe = trace.probe && {...trace.probe, reached: true, httpStatus: 200};
		expect(prove(path, {...trace, probe})).toMatchObject({agreement: false, path: {verdict: 'undetermined'}});
	});
});

it('a rule decides of which the walk had said that it does not match', () => {
	const {path, trace} = recorded('lan-published');
	const hops = path.hops.map(hop => ({
		...hop,
		steps: hop.steps.map(step => (step.verdict === 'accept' ? {...step, matched: false} : step)),
	}));
	const proof = prove({...path, hops}, trace);
	expect(proof).toMatchObject({agreement: false, differs: [2, 4], path: {verdict: 'delivered'}});
});

it('a packet that is sent again meets other rules: only those of the first count', () => {
	const {path, trace} = recorded('lan-published');
	const again = trace.passes
		.filter(({place, hook, layer}) => place === 'host' && hook === 'forward' && layer === 'ip')
		.map(pass => ({...pass, rules: pass.rules.map(rule => ({...rule, handle: 9999}))}));
	const proof = prove(path, {...trace, passes: [...trace.passes, ...again]});
	expect(proof).toMatchObject({agreement: true, differs: []});
	expect(proof.observed[4]?.rules.map(({handle}) => handle)).not.toContain(9999);
});

it('the answer is lost: it leaves the container and does not come to the NIC', () => {
	const {path, trace} = recorded('lan-published');
	const own = trace.packets.filter(({flags, interface: link, direction}) =>
		flags.includes('syn') ? !(link === 'eth0' && direction === 'out' && flags.includes('ack')) : false,
	);
	const inside = trace.packets.filter(({place, flags}) => place !== 'host' && flags.includes('syn'));
	const passes = trace.passes.filter(({flags}) => flags.includes('syn'));
	const packets = [...own.filter(({place}) => place === 'host'), ...inside];
	const proof = prove(path, {...trace, packets, passes});
	expect(proof).toMatchObject({agreement: false, path: {verdict: 'blocked', lost: 'answer'}});
	expect(proof.path.reply?.hops[proof.path.reply.blockedAt ?? 0]).toMatchObject({kind: 'nic', cause: 'vanished'});
});

it('data of an answer that the walk says is stopped, and that was not seen behind that place, did not come back to a client elsewhere', () => {
	const {path, trace} = recorded('lan-published');
	const {reply} = path;
	const at = reply?.hops.findIndex(({kind}) => kind === 'nic') ?? -1;
	const hops =
		reply?.hops.map((hop, index) => (index === at ? {...hop, verdict: 'blocks' as const, cause: 'link-down' as const} : hop)) ?? [];
	const told: Path = {...path, verdict: 'blocked', lost: 'answer', reply: reply && {...reply, hops, verdict: 'blocked', blockedAt: at}};
	const packets = trace.packets.filter(
		({interface: link, direction, flags}) => !(link === 'eth0' && direction === 'out' && !flags.includes('syn')),
	);
	expect(packets.length).toBeLessThan(trace.packets.length);
	expect(prove(told, {...trace, packets}).path.verdict).not.toBe('delivered');
});

describe('another connection of docker-proxy at the same time', () => {
	const {path, trace} = recorded('host-through-proxy');
	const syn = trace.packets.find(({dport, flags, interface: link}) => dport === 80 && flags.join() === 'syn' && link === 'docker0');
	if (!syn) throw new Error('the fixture has no second connection');
	const packets = [...trace.packets, {...syn, sport: syn.sport + 1}];
	const behind = (seen: boolean | null) => path.hops.slice(3, -1).map(() => seen);

	it('ours carries the bytes that were sent', () => {
		const proof = prove(path, {...trace, packets});
		expect(proof.observed.slice(3, -1).map(({seen}) => seen)).toEqual(behind(true));
		expect(proof.observed.every(({certainty}) => certainty === 'observed')).toBe(true);
	});

	it('without them it cannot be told which is ours; one alone is taken for ours by its time', () => {
		const proof = prove(path, {...trace, packets, bytes: []});
		expect(proof.observed.slice(3, -1).map(({seen}) => seen)).toEqual(behind(null));
		expect(proof.observed[4]?.gap?.why).toContain('several connections');
		expect(proof.path.verdict).toBe('delivered');
		expect(prove(path, {...trace, bytes: []}).observed[4]).toMatchObject({seen: true, certainty: 'inferred'});
	});

	it('one that carries other bytes is not ours', () => {
		const bytes = trace.bytes.map(one => (one.sport === syn.sport ? {...one, hex: `00${one.hex.slice(2)}`} : one));
		const {observed} = prove(path, {...trace, bytes});
		// docker-proxy has taken our connection; what it opened for it was not seen.
		expect(observed.slice(2, 4).map(({seen}) => seen)).toEqual([true, false]);
	});

	it('where packets were lost and the rules had no room for all, ours is not missed, nor another taken for it', () => {
		const lossy = trace.sights.map(sight => ({...sight, packets: busy, leftOut: {opening: true, following: true}}));
		for (const missing of [trace.bytes.filter(({sport}) => sport !== syn.sport), []]) {
			const proof = prove(path, {...trace, sights: lossy, packets, bytes: missing});
			expect(proof).toMatchObject({agreement: true, differs: [], path: {verdict: 'delivered'}});
			expect(proof.observed.slice(3, -1).map(({seen}) => seen)).toEqual(behind(null));
			expect(proof.observed[4]?.gap?.why).toContain('too busy');
		}
	});
});

it('no request of a client elsewhere: undetermined, with the hops as explained', () => {
	const {path, trace} = recorded('lan-published');
	const proof = prove(path, {...trace, packets: [], passes: [], connections: []});
	expect(proof).toMatchObject({agreement: null, path: {verdict: 'undetermined', hops: path.hops}, says: 'no request came within 3 s'});
});
