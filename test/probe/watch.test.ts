import {expect, it} from 'vitest';
import type {Snapshot} from '../../source/model/index.js';
import {whileWatching} from '../../source/probe/watch.js';

it('of a request that is over before its target was looked at, nothing is told', async () => {
	const snapshot = {vantage: {kind: 'root', words: '', enter: []}} as unknown as Snapshot;
	const target = {containerId: null, port: 1};
	const request = async () => 'answer';
	expect(await whileWatching(target as never, snapshot, request)).toEqual({
		result: 'answer',
		arrivals: {whyNot: 'it was over before anybody looked there'},
	});
});
