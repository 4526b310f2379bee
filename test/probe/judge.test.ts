import {describe, expect, it} from 'vitest';
import {agreementOf} from '../../source/probe/agreement.js';
import {type Ending, notSent} from '../../source/probe/attempt.js';
import {judge, judgeQuiet} from '../../source/probe/judge.js';
import type {TargetSocket} from '../../source/probe/target-socket.js';
import type {Arrivals} from '../../source/probe/watch.js';

const origin = {hostAddresses: [], sameNamespace: false, direct: true};
const socket: TargetSocket = {remote: '10.77.0.1', remotePort: 40001, state: 'established', unread: 0, inode: 7};
const seen: Record<string, Arrivals> = {
	taken: {arrived: [socket], unheard: []},
	unread: {arrived: [{...socket, unread: 18}], unheard: []},
	absent: {arrived: [], unheard: []},
	unclear: {arrived: [{...socket, remotePort: 1}], unheard: []},
	'taken, but unheard': {arrived: [socket], unheard: [40001]},
	'taken, another unheard': {arrived: [socket], unheard: [40002]},
	'out of sight': {whyNot: 'what answers there is out of sight'},
};

describe('judge', () => {
	it.each<[Ending, string, boolean | null]>([
		['answered', 'out of sight', true],
		['failed', 'taken', false],
		['nameless', 'out of sight', false],
		['notSent', 'absent', null],
		['silent', 'taken', true],
		['silent', 'taken, but unheard', false],
		['silent', 'taken, another unheard', true],
		['silent', 'unread', false],
		['silent', 'absent', false],
		['silent', 'unclear', null],
		['silent', 'out of sight', null],
		['closed', 'taken', true],
		['closed', 'absent', false],
		['closed', 'unread', false],
		['closed', 'out of sight', false],
	])('%s, at the target %s', (ending, at, reached) => {
		const attempt = {...notSent('words'), ending, localAddress: '10.77.0.1', localPort: 40001};
		const result = judge(attempt, seen[at] as Arrivals, origin);
		expect(result).toEqual({reached, error: expect.stringMatching(/./)});
	});
});

describe('judgeQuiet', () => {
	it.each([
		['spoke', 'out of sight', true],
		['closed', 'taken', false],
		['failed', 'absent', false],
		['open', 'taken', true],
		['open', 'absent', false],
		['open', 'unread', false],
		['open', 'unclear', null],
		['open', 'out of sight', null],
	] as const)('%s, at the target %s', (did, at, reached) => {
		const result = judgeQuiet({did, localAddress: '10.77.0.1', localPort: 40001}, seen[at] as Arrivals, origin);
		expect(result).toEqual({reached, error: expect.stringMatching(/./)});
	});
});

describe('agreementOf', () => {
	it.each([
		['delivered', true, true],
		['delivered', false, false],
		['delivered', null, null],
		['blocked', true, false],
		['blocked', false, true],
		['blocked', null, null],
		['forwarded', true, true],
		['forwarded', false, null],
		['undetermined', true, null],
		['undetermined', false, null],
	] as const)('%s was explained, reached is %s', (explained, reached, agreement) => {
		expect(agreementOf({explained, standsInFor: null}, reached)).toBe(agreement);
		expect(agreementOf({explained, standsInFor: 'sent from the host'}, reached)).toBeNull();
	});
});
