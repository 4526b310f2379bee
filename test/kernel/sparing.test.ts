import {expect, test} from 'vitest';
import {readFdbOf} from '../../source/kernel/fdb.js';
import {withoutSets, withoutTables} from '../../source/kernel/sparing.js';
import type {Group, Link} from '../../source/model/index.js';

const text = (value: string): Group<string> => ({read: true, value, source: 'program', command: 'program'});
const unread: Group<never> = {read: false, gap: {id: 'read-failed', why: 'it failed', tell: 'program'}};
const nft = (...records: object[]) => text(JSON.stringify({nftables: records}));
const table = (family: string) => ({table: {family, name: 'nat', handle: 1}});

test('without a table of IPv6 in nftables ip6tables has no rules; with one, or unread, it is asked', () => {
	expect(withoutTables(nft(table('ip'), table('inet')), 'ip6')).toMatchObject({read: true, value: ''});
	expect(withoutTables(nft(table('ip'), table('ip6')), 'ip6')).toBeNull();
	expect(withoutTables(text('{"nftables": [{"table": {"family": "ip6", "name": "raw"}}]}'), 'ip6')).toBeNull();
	expect(withoutTables(unread, 'ip6')).toBeNull();
});

test('ip sets are left out only where all rules were read and none asks for one', () => {
	const rules = text('*nat\n-A OUTPUT -p tcp -m set ! --match-set allowed dst -j ACCEPT\nCOMMIT\n');
	const adding = text('*mangle\n-A PREROUTING -j SET --add-set seen src\nCOMMIT\n');
	const plain = text('*nat\n:settings - [0:0]\n-A OUTPUT -d 127.0.0.11/32 -j DOCKER_OUTPUT\nCOMMIT\n');
	const match = {rule: {family: 'ip', expr: [{xt: {type: 'match', name: 'set'}}]}};
	expect(withoutSets([plain, text('')], nft(table('ip')))).toMatchObject({read: true, value: ''});
	for (const asks of [rules, adding, unread]) expect(withoutSets([plain, asks], nft(table('ip')))).toBeNull();
	expect(withoutSets([plain], nft(match))).toBeNull();
	expect(withoutSets([plain], unread)).toBeNull();
});

test('a namespace without bridge and vxlan has no forwarding database; else it is asked for', async () => {
	const links = (...kinds: string[]): Group<Link[]> => ({
		read: true,
		source: '',
		command: '',
		value: kinds.map(kind => ({kind, port: null}) as Link),
	});
	// What answers in the place of the program says "asked".
	const asked = ['sh', '-c', 'echo \'[{"mac": "asked", "ifname": "br0"}]\'', 'sh'];
	const macs = async (group: Group<Link[]>) => {
		const fdb = await readFdbOf(asked, group);
		return fdb.read && fdb.value.map(({mac}) => mac);
	};
	expect(await macs(links('loopback', 'veth', 'macvlan'))).toEqual([]);
	for (const kind of ['bridge', 'vxlan']) expect(await macs(links('loopback', kind))).toEqual(['asked']);
	expect(await macs(unread)).toEqual(['asked']);
});
