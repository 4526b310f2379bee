import {access, constants} from 'node:fs/promises';
import type {Snapshot} from '../model/index.js';
import {splitDoor} from '../process/start.js';
import {insideOf, tetherArgv} from './sender.js';

/**
 * A shell in a container's network namespace, as an argument vector for a terminal: the programs and files of this host, but that
 * container's resolv.conf and hosts, in a mount namespace that ends with the shell. Or why there is none.
 */
export async function shellIn(containerId: string, snapshot: Snapshot): Promise<{argv: string[]} | {whyNot: string}> {
	if (splitDoor(snapshot.vantage.enter).door.length > 0) return {whyNot: 'a helper container has no terminal to lend: sudo dockhop'};
	const inside = await insideOf(containerId, snapshot, await tetherArgv());
	if ('whyNot' in inside) return inside;
	const own = process.env.SHELL ?? '';
	const shell = own.startsWith('/') && (await access(own, constants.X_OK).then(yes, no)) ? own : '/bin/sh';
	return {argv: [...inside.enter, 'sh', '-c', showItsLinks, 'sh', shell]};
}

const yes = () => true;
const no = () => false;

/** sysfs shows the links of the namespace in which it was mounted (sysfs(5)); without it the shell sees none in /sys, and goes on. */
const showItsLinks = 'umount -l /sys; mount -t sysfs sysfs /sys 2>/dev/null; exec "$1"';
