import {expect, test} from 'vitest';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import {runBridgeHook, runHook} from '../../source/netfilter/walk.js';
import {dump, hostWith, packet} from './dump.js';

const {ruleset} = parseRulesets(dump('bridge-guard'));
const env = hostWith([]);
const bridged = packet({iif: 'veth1', oif: 'veth2', src: '172.18.0.2', dst: '172.18.0.3'});

test('a filter on the bridge stops a frame between two of its ports', () => {
	expect(runBridgeHook(ruleset, 'forward', bridged, env)).toMatchObject({
		verdict: 'drop',
		decided: {family: 'bridge', chain: 'between', rule: 1},
	});
	expect(runBridgeHook(ruleset, 'forward', {...bridged, dport: 80}, env).verdict).toBe('accept');
	expect(runBridgeHook(ruleset, 'forward', {...bridged, iif: 'veth2', oif: 'veth1', smac: '02:00:00:00:00:09'}, env)).toMatchObject({
		verdict: 'drop',
		decided: {rule: 2},
	});
	expect(runBridgeHook(ruleset, 'prerouting', {...bridged, family: 6, src: 'fd00::2', dst: 'fd00::3'}, env).verdict).toBe('drop');
});

test('routed packets do not meet it', () => {
	expect(runHook(ruleset, 'forward', bridged, env)).toMatchObject({verdict: 'accept', steps: []});
});
