import {readFileSync} from 'node:fs';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Gap, Group, NetnsFacts, Path, Snapshot} from '../../source/model/index.js';
import {explain} from '../../source/path/explain.js';
import {parseOrigin} from '../../source/path/origin.js';
import {parseTarget} from '../../source/path/target.js';
import {runs} from '../runs.js';

/** What was not read, or only in part, is never a green verdict that rests on it. */
const whole: Snapshot = JSON.parse(readFileSync(new URL('../recordings/six-28.json', import.meta.url), 'utf8'));
const gap: Gap = {id: 'read-failed', why: 'it was not understood', tell: 'look'};
const requests: [target: string, origin: string][] = [
	['10.99.0.1:8080', 'lan'],
	['www:80', 'lan'],
	['127.0.0.1:8080', 'host'],
	['10.99.0.1:8080', 'host'],
	['web:80', 'app'],
	['http://host.docker.internal:8080/', 'app'],
];

/** null: it cannot even be asked, and one line says why. */
function pathOn(snapshot: Snapshot, target: string, origin: string): Path | null {
	const [to, from] = [parseTarget(target), parseOrigin(origin)];
	if ('usage' in to || 'usage' in from) throw new Error(`${origin} → ${target} cannot be asked`);
	const explanation = explain(snapshot, {target: to, origin: from, family: null});
	if ('path' in explanation) return explanation.path;
	expect(explanation.usage).toMatch(/^origin 'lan'.* not read/);
	return null;
}

function without(facts: NetnsFacts, key: keyof NetnsFacts): NetnsFacts {
	return {...facts, [key]: {read: false, gap}};
}

describe.each(requests)('%s from %s', (target, origin) => {
	test('is delivered where all was read', () => {
		expect(pathOn(whole, target, origin)?.verdict).toBe('delivered');
	});

	test.each(['addresses', 'routes', 'routingRules', 'sockets', 'links'] as const)('without the host’s or the containers’ %s', key => {
		const ofHost = {...whole, host: without(whole.host, key)};
		const containers = Object.fromEntries(
			Object.entries(whole.containers).map(([id, facts]) => [id, {...facts, netns: without(facts.netns, key)}]),
		);
		for (const snapshot of [ofHost, {...whole, containers}]) {
			const path = pathOn(snapshot, target, origin);
			if (!path) continue;
			const hops = path.hops.filter(({evidence}) => evidence.some(({certainty}) => certainty === 'missing'));
			// Green only where no hop of it says that something is missing.
			if (path.verdict === 'delivered') expect(hops.map(({kind, name}) => `${kind} ${name}`)).toEqual([]);
			else expect(path.verdict).not.toBe('forwarded');
		}
	});

	test('with a dump of rules cut off anywhere', () => {
		const {rulesets} = whole.host;
		const texts = (['iptables', 'nft'] as const).map(key => ({key, text: textOf(rulesets[key])}));
		fc.assert(
			fc.property(fc.constantFrom(...texts), fc.double({min: 0, max: 0.999, noNaN: true}), ({key, text}, part) => {
				const cut: Group<string> = {read: true, value: text.slice(0, Math.floor(text.trimEnd().length * part)), source: 'x', command: 'x'};
				const path = pathOn({...whole, host: {...whole.host, rulesets: {...rulesets, [key]: cut}}}, target, origin);
				if (!path) throw new Error('it cannot be asked');
				// Without one of the two dumps the other may be enough: what it shows was read.
				if (path.verdict === 'delivered') expect(rulesHops(path).every(hop => hop.verdict === 'passes')).toBe(true);
				if (key === 'nft') expect(path.verdict).not.toBe('delivered');
				expect(path.verdict).not.toBe('forwarded');
			}),
			{numRuns: runs(25)},
		);
	});
});

function rulesHops(path: Path) {
	return path.hops.filter(({kind}) => kind === 'netfilter');
}

function textOf(group: Group<string>): string {
	return group.read ? group.value : '';
}
