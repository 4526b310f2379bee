import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Snapshot} from '../../source/model/index.js';
import {explain} from '../../source/path/explain.js';
import {bridgeRows} from '../../source/rows/bridges.js';
import {containerRows} from '../../source/rows/containers.js';
import {containerDetails, networkDetails} from '../../source/rows/details.js';
import {hopDetails} from '../../source/rows/hop-details.js';
import {engineOf} from '../../source/rows/inventory.js';
import {bridgesDocument, containersDocument, flowDocument, networksDocument} from '../../source/rows/json.js';
import {networkRows} from '../../source/rows/networks.js';
import {plainTable} from '../../source/rows/plain.js';
import {readers} from '../../source/rows/readers.js';

/** Scene six on three real engines, as dockhop recorded it. */
describe.each(['six-20', 'six-26', 'six-28'])('%s', name => {
	const snapshot = recording(name);

	test('networks', async () => {
		expect(plainTable(networkRows(await snapshot))).toEqual([
			'NAME      DRIVER  SUBNET         #',
			'appnet    bridge  172.18.0.0/16  2',
			'bridge    bridge  172.17.0.0/16  2',
			'host      host    -              1',
			'none      null    -              1',
			'othernet  bridge  172.19.0.0/16  1',
		]);
	});

	test('containers, all of them and those of one network', async () => {
		expect(plainTable(containerRows(await snapshot, null)).toSorted()).toEqual([
			'NAME    STATE    ADDRESS         PORTS',
			'app     running  172.18.0.3',
			"hosty   running  the host's own",
			'lonely  running  lo only',
			'other   running  172.19.0.2',
			'tiny    running  172.17.0.3      lo:8181→80',
			'web     running  172.18.0.2      8081→80',
			'www     running  172.17.0.2      8080→80',
		]);
		const {id} = network(await snapshot, 'appnet');
		expect(containerRows(await snapshot, id).rows.map(({cells}) => cells[0])).toEqual(['app', 'web']);
	});

	test('bridges, each interface with the container behind it', async () => {
		const rows = bridgeRows(await snapshot).rows.map(({cells: [bridge, id, stp, of, veth, state, container]}) => {
			expect(veth).toMatch(/^veth[0-9a-f]{7}$/);
			return [
				bridge === 'docker0' || bridge?.startsWith('br-') || bridge === '',
				!id || /^8000\.[0-9a-f]{12}$/.test(id),
				stp,
				of,
				state,
				container,
			];
		});
		const sorted = rows.map(row => String(row.at(-1))).toSorted();
		expect(sorted).toEqual(['app', 'other', 'tiny', 'web', 'www']);
		expect(rows.filter(row => row[2] !== '').map(row => row.slice(0, 4))).toEqual(
			['appnet', 'bridge', 'othernet'].map(of => [true, true, 'no', of]),
		);
	});

	test('the box of a network and of a container', async () => {
		const bridge = networkDetails(await snapshot, network(await snapshot, 'bridge').id);
		expect(Object.fromEntries(bridge?.fields.map(({label, text}) => [label, text]) ?? [])).toMatchObject({
			driver: 'bridge',
			subnet: '172.17.0.0/16',
			gateway: '172.17.0.1',
			bridge: expect.stringMatching(/^docker0 {2}8000\./),
			STP: 'no',
			interfaces: expect.stringMatching(/^veth\w+ {2}(www|tiny) {2}forwarding$/),
		});
		expect(networkDetails(await snapshot, network(await snapshot, 'none').id)?.about).toContain('they have lo alone');
		const hosty = engineOf(await snapshot).containers.find(one => one.name === 'hosty');
		const listens = containerDetails(await snapshot, hosty?.id ?? '')?.fields.filter(({text}) => /:\d+ /.test(text));
		expect(listens).toEqual([{label: 'listens', text: '[::]:9000   httpd'}]);
		expect(networkDetails(await snapshot, 'gone')).toBeNull();
	});

	test('the details of the NAPT hop: before, after, the rule and the one that leads to it', async () => {
		const path = await published(await snapshot);
		const index = path.hops.findIndex(({packetAfter}) => packetAfter);
		const details = hopDetails(path, index);
		expect(details).toMatchObject({
			certainty: 'observed',
			about: [expect.stringContaining('rewrites the destination before it decides on the route')],
		});
		expect(Object.fromEntries(details?.fields.map(({label, text}) => [label, text]) ?? [])).toMatchObject({
			before: '10.99.0.2:50514 → 10.99.0.1:8080',
			after: '10.99.0.2:50514 → 172.17.0.2:80',
			by: expect.stringContaining('--dport 8080 -j DNAT --to-destination 172.17.0.2:80'),
			from: expect.stringContaining('-j DOCKER'),
			'see it': 'iptables -t nat -nvL DOCKER --line-numbers',
		});
		expect(hopDetails(path, path.hops.length)).toBeNull();
	});

	test('the JSON documents have the fields that scripts rely on', async () => {
		expect(networksDocument(await snapshot)).toMatchObject({schema: 'dockhop.networks/1', networks: expect.any(Array)});
		const {networks} = networksDocument(await snapshot) as {networks: object[]};
		for (const one of networks) {
			expect(Object.keys(one)).toEqual(['id', 'name', 'driver', 'scope', 'subnets', 'gateways', 'bridge', 'containers']);
		}
		expect(containersDocument(await snapshot)).toMatchObject({
			schema: 'dockhop.containers/1',
			containers: expect.arrayContaining([
				expect.objectContaining({
					name: 'tiny',
					state: 'running',
					networks: [expect.objectContaining({name: 'bridge', address: '172.17.0.3', veth: expect.stringMatching(/^veth/)})],
					ports: [{hostAddress: '127.0.0.1', hostPort: 8181, port: 80, proto: 'tcp'}],
				}),
			]),
			unknown: [],
		});
		expect(bridgesDocument(await snapshot)).toMatchObject({
			schema: 'dockhop.bridges/1',
			bridges: [{stp: false}, {stp: false}, {stp: false}],
		});
	});

	test('flow --json: every field of the schema, rules only where wanted', async () => {
		const path = await published(await snapshot);
		const document = flowDocument(path, {rules: false, reply: false}) as {hops: Record<string, unknown>[]};
		expect(Object.keys(document)).toEqual(
			'schema from to verdict blockedAt lost seenAs assumptions hops findings reply alternatives'.split(' '),
		);
		for (const hop of document.hops) {
			expect(Object.keys(hop)).toEqual(expect.arrayContaining(hopFields));
			expect(hop).not.toHaveProperty('steps');
		}
		expect((flowDocument(path, {rules: true, reply: false}) as typeof document).hops[2]).toHaveProperty('steps');
		expect(document).toHaveProperty('reply', null);
		expect(flowDocument(path, {rules: false, reply: true})).toMatchObject({reply: {verdict: 'delivered', blockedAt: null}});
	});

	test('what was not read is null with its reason, and the readers say so', async () => {
		const gap = {id: 'no-permission' as const, why: 'for root only', tell: 'sudo dockhop'};
		const whole = await snapshot;
		const blind: Snapshot = {...whole, host: {...whole.host, links: {read: false, gap}}, veths: {read: false, gap}};
		const {bridges} = bridgesDocument(blind) as {bridges: object[]};
		expect(bridges[0]).toMatchObject({id: null, stp: null, interfaces: null});
		expect(bridgesDocument(blind)).toMatchObject({
			unknown: [
				{group: 'links', ...gap},
				{group: 'veths', ...gap},
			],
		});
		expect(bridgeRows(blind).rows[0]?.cells.slice(1, 3)).toEqual(['not read', '?']);
		expect(readers(blind).filter(({read}) => !read)).toMatchObject([
			{name: 'links', ...{why: gap.why, tell: gap.tell}},
			{name: 'veth pairs'},
		]);
		const unpaired: Snapshot = {...whole, veths: {read: false, gap}};
		expect(new Set(bridgeRows(unpaired).rows.map(({cells}) => cells.at(-1)))).toEqual(new Set(['?']));
		const gone: Snapshot = {...whole, host: {...whole.host, links: {read: true, value: [], source: '', command: ''}}};
		expect(bridgeRows(gone).rows[0]?.cells.slice(1, 3)).toEqual(['not there', '?']);
	});
});

async function recording(name: string): Promise<Snapshot> {
	return JSON.parse(await readFile(resolve(import.meta.dirname, `../recordings/${name}.json`), 'utf8'));
}

/** lan → www:80 */
async function published(snapshot: Snapshot) {
	const target = {kind: 'container', name: 'www', port: 80, proto: 'tcp'} as const;
	const explanation = explain(snapshot, {target, origin: {kind: 'lan', address: null}, family: 4});
	if ('usage' in explanation) throw new Error(explanation.usage);
	return explanation.path;
}

function network(snapshot: Snapshot, name: string) {
	const found = engineOf(snapshot).networks.find(one => one.name === name);
	if (!found) throw new Error(`no network ${name}`);
	return found;
}

const hopFields = 'kind where of connection name names address port packet packetAfter verdict cause unknown evidence'.split(' ');
