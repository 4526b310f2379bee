import {expect, test} from 'vitest';
import {askAsResolver} from '../../source/session/ask-as-resolver.js';

/** Servers that know what is given here, as "NAME SERVER" → addresses or an error. */
function servers(knowledge: Record<string, string[] | string>) {
	const asked: string[] = [];
	const ask = async (name: string, list: readonly string[]) =>
		list.map(server => {
			asked.push(`${name} ${server}`);
			const known = knowledge[`${name} ${server}`] ?? 'NXDOMAIN';
			return typeof known === 'string'
				? {from: null, name, server, addresses: [], error: known}
				: {from: null, name, server, addresses: known, error: null};
		});
	return {ask, asked};
}

const two = 'nameserver 192.0.2.1\nnameserver 192.0.2.2\n';

test.each([
	['the first that knows the address decides', {'db 192.0.2.1': ['10.0.0.1'], 'db 192.0.2.2': ['10.0.0.2']}, ['10.0.0.1']],
	['the first that knows of no such name decides, whatever the second knows', {'db 192.0.2.2': ['10.0.0.2']}, []],
	['behind one that is silent the second is asked', {'db 192.0.2.1': 'timeout', 'db 192.0.2.2': ['10.0.0.2']}, ['10.0.0.2']],
	['behind one that fails, too', {'db 192.0.2.1': 'SERVFAIL', 'db 192.0.2.2': ['10.0.0.2']}, ['10.0.0.2']],
])('%s', async (_, knowledge, addresses) => {
	const answers = await askAsResolver(servers(knowledge).ask, 'db', two);
	expect(answers.flatMap(answer => answer.addresses)).toEqual(addresses);
});

test('the search list is gone through, and the answer stands under the name that was asked for', async () => {
	const {ask, asked} = servers({'db.shop.example 192.0.2.1': ['10.0.0.1']});
	const answers = await askAsResolver(ask, 'db', 'nameserver 192.0.2.1\nsearch first.example shop.example\n');
	expect(asked).toEqual(['db.first.example 192.0.2.1', 'db.shop.example 192.0.2.1']);
	expect(answers).toEqual([{from: null, name: 'db', server: '192.0.2.1', addresses: ['10.0.0.1'], error: null}]);
});

test('what could not be asked is no answer', async () => {
	expect(await askAsResolver(servers({'db 192.0.2.1': 'not asked: its process is hidden'}).ask, 'db', two)).toEqual([]);
});

test('at most three servers', async () => {
	const {ask, asked} = servers({});
	await askAsResolver(ask, 'db.example', ['1', '2', '3', '4'].map(last => `nameserver 192.0.2.${last}`).join('\n'));
	expect(asked).toHaveLength(3);
});
