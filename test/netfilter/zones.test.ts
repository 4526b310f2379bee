import {expect, test} from 'vitest';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import type {WalkPacket} from '../../source/netfilter/types.js';
import {runHook} from '../../source/netfilter/walk.js';
import {hostWith, packet, rulesets} from './dump.js';

/** How a packet that conntrack has not seen comes out of PREROUTING, and what it was looked up as. */
function through(...raw: string[]): {result: WalkPacket; asked: WalkPacket[]; verdict: string; why: string | undefined} {
	const text = ['*raw', ':PREROUTING ACCEPT [0:0]', ...raw.map(rule => `-A PREROUTING ${rule}`), 'COMMIT', ''].join('\n');
	const asked: WalkPacket[] = [];
	const track = (one: WalkPacket): WalkPacket => {
		asked.push(one);
		return {...one, ctState: 'new', ctMark: 7};
	};
	const {ruleset} = parseRulesets(rulesets({iptablesLegacy: text}));
	const result = runHook(ruleset, 'prerouting', packet({}), hostWith(['10.99.0.1']), track);
	return {result: result.packet, asked, verdict: result.verdict, why: result.unknown?.why};
}

test('a packet is looked up in the zone that a rule has asked for, and the first rule counts', () => {
	const {result, asked} = through('-j CT --zone-orig 5', '-j CT --zone 6', '-j CT --notrack');
	expect(asked).toMatchObject([{ctZone: {id: 5, of: 'original'}, ctState: null}]);
	expect(result).toMatchObject({ctState: 'new', ctMark: 7});
	expect(result.ctTemplate).toBeUndefined();
});

test('a zone that is the mark of the packet', () => {
	expect(through('-j MARK --set-xmark 0x3/0xffffffff', '-j CT --zone mark').asked).toMatchObject([{ctZone: {id: 3, of: 'both'}}]);
});

test('without a zone nothing is looked up once more', () => {
	expect(through('-p udp -j CT --zone 5').asked).toEqual([]);
	expect(through('-j CT --notrack', '-j CT --zone 5')).toMatchObject({asked: [], result: {ctState: 'untracked'}});
});

test('a zone for answers alone is not followed', () => {
	expect(through('-j CT --zone-reply 5')).toMatchObject({
		verdict: 'undetermined',
		why: expect.stringContaining('rule 1: -j CT --zone-reply 5'),
	});
});
