import {expect, test} from 'vitest';
import {portWords} from '../../source/rows/containers.js';
import {six} from '../ui/pressing.js';

const www = six.engine.read ? six.engine.value.containers.find(({name}) => name === 'www') : undefined;

test('a container that runs shows what is published; one that does not, what was asked for', () => {
	if (!www) throw new Error('the recording has no container www');
	expect(www.requested).toHaveLength(1);
	expect(portWords(www)).toBe('8080→80');
	// As on an internal network, or that of the host: its -p was not carried out, which leaves the port exposed.
	expect(portWords({...www, published: []})).toBe('80');
	expect(portWords({...www, published: [], exposed: []})).toBe('');
	expect(portWords({...www, state: 'exited', pid: null, published: []})).toBe('8080→80');
});
