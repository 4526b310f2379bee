import {afterAll, describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {type Firewall, startUfw} from '../lab/firewalls.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {agrees, type Flow, type Row, told, walk, walkAndSend} from './walk-and-send.ts';

/** Rules elsewhere than where the engine has its own: what the walk says is what happens. */
describe.each(engines)('rules of a bridge and of a device, on engine %s', engine => {
	const lab = useLab({engine}, sceneSix);

	it.each([
		{
			name: 'a filter on the bridge, between two containers',
			rules: (address: string) =>
				`table bridge guard {\nchain f {\ntype filter hook forward priority -10;\nip daddr ${address} drop\n}\n}\n`,
			table: ['bridge', 'guard'],
			flow: async () => ({origin: 'app', target: `${await addressOf(lab(), 'web')}:80`}),
			stop: 'bridge FORWARD',
		},
		{
			name: 'a drop at the NIC itself',
			rules: () => 'table netdev guard {\nchain i {\ntype filter hook ingress device eth0 priority 0;\ntcp dport 8081 drop\n}\n}\n',
			table: ['netdev', 'guard'],
			flow: async () => ({origin: 'lan', target: '10.99.0.1:8081'}),
			stop: 'ingress eth0',
		},
	])('$name', async ({rules, table, flow, stop}) => {
		const asked = await flow();
		expect(await agree(lab(), [asked])).toMatchObject([{happened: true}]);
		await lab().host(['nft', '-f', '-'], {stdin: rules(await addressOf(lab(), 'web'))});
		try {
			const [row] = await agree(lab(), [asked]);
			expect({at: stopOf(row), lost: row?.path.lost}).toEqual({at: stop, lost: 'request'});
		} finally {
			await lab().host(['nft', 'delete', 'table', ...table]);
		}
		expect(await agree(lab(), [asked])).toMatchObject([{happened: true}]);
	});

	it('a dormant table refuses nothing', async () => {
		const published = [{origin: 'lan', target: '10.99.0.1:8080'}];
		const chain = 'chain f {\ntype filter hook forward priority 0; policy drop;\n}\n';
		await lab().host(['nft', '-f', '-'], {stdin: `table inet asleep {\nflags dormant;\n${chain}}\n`});
		try {
			expect(await agree(lab(), published)).toMatchObject([{happened: true}]);
			await lab().host(['nft', '-f', '-'], {stdin: `delete table inet asleep\ntable inet asleep {\n${chain}}\n`});
			expect(await agree(lab(), published)).toMatchObject([{happened: false}]);
		} finally {
			await lab().host(['nft', 'delete', 'table', 'inet', 'asleep']);
		}
	});

	it('legacy tables beside those of nft: either may refuse', async () => {
		const published = [{origin: 'lan', target: '10.99.0.1:8080'}];
		await lab().host(['iptables-legacy', '-P', 'FORWARD', 'DROP']);
		try {
			const [row] = await agree(lab(), published);
			expect(row).toMatchObject({happened: false});
			expect(row?.path.hops[row.path.blockedAt ?? -1]?.command).toMatch(/^iptables-legacy /);
		} finally {
			await lab().host(['iptables-legacy', '-P', 'FORWARD', 'ACCEPT']);
		}
		expect(await agree(lab(), published)).toMatchObject([{happened: true}]);
	});
});

const asked: Flow[] = [
	...['10.99.0.1:8080', '10.99.0.1:8081', '10.99.0.1:9000', '[fd00:99::1]:8080', '[fd00:99::1]:9000'].map(target => ({
		origin: 'lan',
		target,
	})),
	...['127.0.0.1:8080', '10.99.0.1:8081', '127.0.0.1:9000'].map(target => ({origin: 'host', target})),
	...['172.17.0.1:8080', '172.17.0.1:9000', '10.99.0.1:8081'].map(target => ({origin: 'app', target})),
];

describe.each(engines.flatMap(engine => [true, false].map(legacy => ({engine, legacy}))))(
	'engine $engine with rules of one iptables (legacy: $legacy), ufw with those of the other',
	({engine, legacy}) => {
		const lab = useLab({engine, legacyIptables: legacy}, sceneSix);
		let ufw: Firewall;
		const [engines, users] = legacy ? ['iptables-legacy', 'iptables'] : ['iptables', 'iptables-legacy'];

		it('each has its own', async () => {
			ufw = await startUfw(lab(), {legacy: !legacy});
			const saved = async (program: string) => (await lab().host([`${program === 'iptables' ? 'iptables-nft' : program}-save`])).stdout;
			expect(await saved(engines as string)).toMatch(/-A DOCKER .*--to-destination/);
			expect(await saved(engines as string)).not.toContain('ufw-user-input');
			expect(await saved(users as string)).toContain('ufw-user-input');
			expect(await saved(users as string)).not.toContain('--to-destination');
		});

		it("ufw's FORWARD refuses what the engine's accepts", async () => {
			const rows = await agree(lab(), asked);
			const published = rows.find(row => row.target === '10.99.0.1:8080' && row.origin === 'lan');
			expect(published?.happened).toBe(false);
			expect(published?.path.hops[published.path.blockedAt ?? -1]).toMatchObject({
				name: 'FORWARD',
				command: expect.stringMatching(new RegExp(`^${users} -t filter .* FORWARD `)),
			});
		});

		it('where ufw lets through what is routed, a published port is open although ufw denies it', async () => {
			await ufw.command('default', 'allow', 'routed');
			await ufw.command('deny', '8080/tcp');
			await ufw.command('allow', '9000/tcp');
			const rows = await agree(lab(), asked);
			const published = rows.find(row => row.target === '10.99.0.1:8080' && row.origin === 'lan');
			expect(published?.happened).toBe(true);
			const hop = published?.path.hops.find(one => one.name === 'PREROUTING' && one.packetAfter !== null);
			expect(hop?.says).toMatch(/filter ufw-user-input rule \d+ \(your ufw rule\) drops 8080\/tcp in INPUT, which is not met/);
			expect(hop?.evidence.at(-1)?.command).toMatch(new RegExp(`^${users} -t filter`));
		});

		it("a rule of the user's own in a third table", async () => {
			const table = 'table inet own {\nchain f {\ntype filter hook forward priority 10;\ntcp dport 80 ct state new drop\n}\n}\n';
			await lab().host(['nft', '-f', '-'], {stdin: table});
			const path = await walk(lab(), {origin: 'lan', target: '10.99.0.1:8080'});
			expect(path.hops[path.blockedAt ?? -1]).toMatchObject({name: 'FORWARD', command: 'nft -a list chain inet own f'});
			await agree(lab(), asked);
			await lab().host(['nft', 'delete', 'table', 'inet', 'own']);
		});

		afterAll(() => ufw?.stop());
	},
);

function stopOf(row: Row | undefined): string | undefined {
	return row?.path.hops[row.path.blockedAt ?? -1]?.name;
}

/** Explains requests and sends them: both have to come to the same. */
async function agree(lab: Lab, flows: Flow[]): Promise<Row[]> {
	const rows = await walkAndSend(lab, flows);
	expect(rows.filter(row => !agrees(row)).map(told)).toEqual([]);
	return rows;
}

function addressOf(lab: Lab, name: string): Promise<string> {
	return lab.docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name);
}
