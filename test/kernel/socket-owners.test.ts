import {stat} from 'node:fs/promises';
import {createServer} from 'node:net';
import {expect, test} from 'vitest';
import {readSocketOwners} from '../../source/kernel/socket-owners.js';

test('the holder of a socket that was opened after the processes were looked through', async () => {
	const owners = await readSocketOwners();
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise(resolve => server.once('listening', resolve));
	const {fd} = (server as unknown as {_handle: {fd: number}})._handle;
	const {ino} = await stat(`/proc/self/fd/${fd}`);
	expect((await owners(ino)).map(({pid}) => pid)).toEqual([process.pid]);
	server.close();
});

test('a socket that no process holds', async () => {
	const owners = await readSocketOwners();
	expect(await owners(0)).toEqual([]);
});
