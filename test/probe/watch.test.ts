import {expect, it} from 'vitest';
import type {Snapshot} from '../../source/model/index.js';
import {whileWatching} from '../../source/probe/watch.js';

it('of a request that is over before its target was looked at, nothing is told', async () => {
	const snapshot = {vantage: {kind: 'root', words: '', enter: []}} as unknown as Snapshot;
	const plan = {target: {containerId: null, port: 1}, from: {kind: 'host', address: null}, port: 1} as const;
	const request = async () => 'answer';
	expect(await whileWatching(plan, snapshot, request)).toEqual({
		result: 'answer',
		arrivals: {whyNot: 'it was over before anybody looked there'},
	});
});
