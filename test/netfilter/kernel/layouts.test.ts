import {readdirSync} from 'node:fs';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Rulesets} from '../../../source/model/index.js';
import {dump} from '../dump.js';
import type {Bed} from './bed.js';
import {noTotals} from './compare.js';
import {must} from './namespaces.js';
import type {Sent} from './packets.js';
import {addressesOf, type PlaceName, placeNames} from './topology.js';
import {trial} from './trial.js';
import {withBed} from './with-bed.js';

/** The rules that engine 29 writes, by iptables and by nftables, on bridges and with peers that match: every request is traced. */
describe('the layouts of engine 29', () => {
	const theBed = withBed();
	let sport = 20_000;
	const totals = noTotals();

	test.each(layouts())('%s', async name => {
		const bed = theBed();
		await bed.clear();
		await bed.route({commands: [], sysctls: switches(name)});
		const {iptables, nft} = dump(name);
		if (text(iptables)) await must([...bed.enter.host, 'iptables-nft-restore'], here(text(iptables)));
		else await loadJson(bed, here(text(nft)));
		const sent = requests(sport);
		sport += sent.length;
		await trial(bed, ['host'], sent, totals, name);
	});

	test('the totals', () => {
		console.log(`engine 29: ${JSON.stringify(totals)}`);
		expect(totals).toMatchObject({undetermined: 0});
		expect(totals.answered).toBeGreaterThan(100);
		expect(totals.stopped).toBeGreaterThan(100);
	});
});

/** nft reads JSON from a file only. */
async function loadJson(bed: Bed, json: string): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'dockhop-layout-'));
	try {
		await writeFile(join(folder, 'rules.json'), chainsFirst(json));
		await must([...bed.enter.host, 'nft', '-j', '-f', join(folder, 'rules.json')]);
	} finally {
		await rm(folder, {recursive: true});
	}
}

/** nft lists maps before the chains that they lead to, and does not read them in that order. */
function chainsFirst(json: string): string {
	const {nftables} = JSON.parse(json) as {nftables: object[]};
	const rank = (item: object) => ['metainfo', 'table', 'chain', 'map', 'set', 'rule'].findIndex(kind => kind in item);
	return JSON.stringify({nftables: nftables.toSorted((one, other) => rank(one) - rank(other))});
}

function layouts(): string[] {
	const files = readdirSync(new URL('../dumps', import.meta.url));
	return files.filter(file => file.startsWith('engine-29-')).map(file => file.replace('.json', ''));
}

/** What the engine sets beside its rules, as the layout needs it. */
function switches(name: string): string[] {
	return [
		'net.ipv4.ip_forward=1',
		'net.ipv4.conf.all.rp_filter=0',
		`net.ipv4.conf.br0.route_localnet=${name.includes('noproxy') ? 1 : 0}`,
		`net.bridge.bridge-nf-call-iptables=${name.includes('noicc') || name.includes('noproxy') ? 1 : 0}`,
	];
}

/** The dump's bridges and subnets become the testbed's. */
function here(rules: string): string {
	return rules
		.replaceAll('bridge1', 'br0')
		.replaceAll('docker0', 'br1')
		.replaceAll('192.0.2.', '10.98.0.')
		.replaceAll('docker_gwbridge', 'br0')
		.replace(/172\.18\.0\.0(\/16|", "len": 16)/g, '10.98.0.0$1')
		.replaceAll('172.18.0.', '10.98.0.')
		.replace(/172\.17\.0\.0(\/16|", "len": 16)/g, '10.95.0.0$1');
}

function requests(firstPort: number): Sent[] {
	const addresses = ['127.0.0.1', ...placeNames.flatMap(place => addressesOf(place, 4))];
	const origins: PlaceName[] = ['lan', 'host', 'a', 'b', 'c'];
	return origins
		.flatMap(from =>
			addresses
				.filter(dst => from === 'host' || !(dst === '127.0.0.1' || addressesOf(from, 4).includes(dst)))
				.flatMap(dst => [80, 8080, 443].map(dport => ({from, family: 4 as const, proto: 'tcp' as const, dst, dport}))),
		)
		.map((one, index) => ({...one, sport: firstPort + index}));
}

function text(group: Rulesets['nft']): string {
	return group.read ? group.value : '';
}
