import {expect, test} from 'vitest';
import {all, type Change, route, sysctl} from '../diagnosis/changed.js';
import {pathOn, recorded} from '../diagnosis/recorded.js';

/** A client on the LAN asks for an address of its own subnet that this host does not have. */
async function asked(change: Change) {
	const path = pathOn(change(await recorded('28')), '10.99.0.50:80', 'lan');
	return {verdict: path.verdict, asks: path.hops.filter(({kind, name}) => kind === 'neighbour' && name === '10.99.0.50')};
}

const behindBridge = route('10.99.0.50/32', 'docker0');

test('nobody answers for an address that no route leads on to', async () => {
	const {verdict, asks} = await asked(one => one);
	expect(verdict).toBe('blocked');
	expect(asks).toMatchObject([{verdict: 'blocks', cause: 'no-neighbour'}]);
});

test('where a route leads on, an entry that was not read may have it answered', async () => {
	const {verdict, asks} = await asked(behindBridge);
	expect(asks[0]).toMatchObject({verdict: 'undetermined', unknown: {id: 'not-read', tell: 'ip neigh show proxy dev eth0'}});
	expect(verdict).not.toBe('delivered');
});

test('arp_ignore is about the own addresses: for others it answers as proxy_arp says', async () => {
	const ignores = sysctl('net.ipv4.conf.all.arp_ignore', '1');
	const {asks} = await asked(all(behindBridge, ignores, sysctl('net.ipv4.conf.eth0.proxy_arp', '1')));
	expect(asks.filter(({says}) => says.includes('arp_ignore'))).toEqual([]);
	expect(asks[0]?.unknown).not.toMatchObject({tell: expect.stringContaining('proxy')});
});
