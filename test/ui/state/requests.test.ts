import {expect, test} from 'vitest';
import {openingRequests} from '../../../source/ui/state/requests.js';
import {six} from '../pressing.js';

const www = six.engine.read ? six.engine.value.containers.find(({name}) => name === 'www') : undefined;

test('a port that was asked for opens from the LAN unless the container runs without it', () => {
	if (!www) throw new Error('the recording has no container www');
	const from = (given: Partial<typeof www>) => openingRequests({...www, ...given}).map(({request}) => request.origin.kind);
	expect(from({})).toEqual(['lan']);
	expect(from({published: []})).toEqual(['host']);
	expect(from({published: [], state: 'exited', pid: null})).toEqual(['lan']);
});
