import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';

describe.each(engines)('the lists on engine %s say what docker and brctl say', engine => {
	const lab = useLab({engine}, async started => {
		await sceneSix(started);
		await started.docker('run', '--name', 'ended', 'busybox', 'false').catch(() => {});
	});
	const docker = async (...args: string[]) => (await lab().docker(...args)).split('\n').toSorted();

	it('networks: docker network ls', async () => {
		const {networks} = (await lab().dockhopJson('networks')) as {networks: Network[]};
		const lines = networks.map(({id, name, driver, scope}) => `${id} ${name} ${driver} ${scope}`);
		expect(lines.toSorted()).toEqual(await docker('network', 'ls', '--no-trunc', '--format', '{{.ID}} {{.Name}} {{.Driver}} {{.Scope}}'));
		for (const {name, subnets, gateways} of networks) {
			const [config] = await docker('network', 'inspect', '-f', '{{range .IPAM.Config}}{{.Subnet}} {{.Gateway}};{{end}}', name);
			// Old engines leave out the gateway of the default bridge there.
			const told = subnets.map((subnet, index) => `${subnet} ${config?.includes(' ;') ? '' : gateways[index]};`).join('');
			expect(told, name).toBe(config);
		}
		expect(networks.find(({name}) => name === 'appnet')?.containers.toSorted()).toEqual(['app', 'web']);
	});

	it('containers: docker ps -a and docker inspect', async () => {
		const {containers} = (await lab().dockhopJson('containers')) as {containers: Container[]};
		const lines = containers.map(({id, name, state}) => `${id} ${name} ${state}`);
		expect(lines.toSorted()).toEqual(await docker('ps', '-a', '--no-trunc', '--format', '{{.ID}} {{.Names}} {{.State}}'));
		for (const {name, networks, ports} of containers) {
			const [addresses] = await docker(
				'inspect',
				'-f',
				'{{range $n, $e := .NetworkSettings.Networks}}{{$n}} {{$e.IPAddress}};{{end}}',
				name,
			);
			expect(networks.map(one => `${one.name} ${one.address ?? ''};`).join(''), name).toBe(addresses);
			const published = await docker('port', name);
			const told = ports.map(({hostAddress, hostPort, port, proto}) => {
				return `${port}/${proto} -> ${hostAddress.includes(':') && published.join().includes('[') ? `[${hostAddress}]` : hostAddress}:${hostPort}`;
			});
			expect(told.toSorted(), name).toEqual(published.filter(Boolean));
		}
	});

	it('what is not inspected reads as what is: the lists of a recording, in which all are, are the same', async () => {
		const run = (...args: string[]) => lab().docker('run', '-d', '--name', ...args);
		await lab().docker('network', 'create', '--internal', 'inner');
		await run('well', '--health-cmd', 'true', 'tiny', '/tiny', 'sleep');
		await run('exposing', '--expose', '7000', '--expose', '53/udp', '-p', '9053:53/udp', '-p', '9080-9081:80-81', 'tiny', '/tiny', 'sleep');
		await run('inside', '--network', 'inner', '--expose', '7000', '-p', '9090:80', 'tiny', '/tiny', 'sleep');
		await run('joined', '--network', 'container:www', 'tiny', '/tiny', 'sleep');
		await run('still', 'tiny', '/tiny', 'sleep');
		await lab().docker('pause', 'still');
		await lab().docker('create', '--name', 'later', '-p', '9070:70', 'tiny', '/tiny', 'sleep');
		const file = join(lab().folder, 'lists.json');
		expect((await lab().dockhop('record', file)).code).toBe(0);
		for (const list of [['containers'], ['containers', '--json'], ['bridges', '--json'], ['networks', '--json']]) {
			const [now, recorded] = [await lab().dockhop(...list), await lab().dockhop(...list, '--replay', file)];
			expect(now.stdout, list.join(' ')).toBe(recorded.stdout);
		}
	});

	it('bridges: brctl show, and each veth is that of the container behind it', async () => {
		const {bridges} = (await lab().dockhopJson('bridges')) as {bridges: Bridge[]};
		const shown = brctl((await lab().host(['brctl', 'show'])).stdout);
		expect(
			bridges.map(({name, id, stp, interfaces}) => [name, id, stp ? 'yes' : 'no', ...interfaces.map(one => one.name)]).toSorted(),
		).toEqual(shown.toSorted());
		const {containers} = (await lab().dockhopJson('containers')) as {containers: Container[]};
		for (const {interfaces, network} of bridges) {
			for (const {name, state, container} of interfaces) {
				expect(state).toBe('forwarding');
				const behind = containers.find(one => one.networks.some(end => end.veth === name && end.name === network));
				expect(behind?.name, name).toBe(container);
				const [pid] = await docker('inspect', '-f', '{{.State.Pid}}', container ?? '');
				const inside = await lab().host(['nsenter', '-t', pid ?? '', '-n', 'ip', '-j', 'link', 'show', 'eth0']);
				const [{link_index: hostIndex}] = JSON.parse(inside.stdout);
				const [{ifindex}] = JSON.parse((await lab().host(['ip', '-j', 'link', 'show', name])).stdout);
				expect(ifindex, name).toBe(hostIndex);
			}
		}
	});

	it('the tables say the same', async () => {
		expect((await lab().dockhop('networks')).stdout).toMatch(/^appnet +bridge +\d+\.\d+\.0\.0\/16 +2$/m);
		expect((await lab().dockhop('containers')).stdout).toMatch(/^ended +exited 1 +-$/m);
		expect((await lab().dockhop('containers', '--ascii')).stdout).toMatch(/^tiny +running +172\.17\.0\.\d +lo:8181->80$/m);
		expect((await lab().dockhop('bridges')).stdout).toMatch(/^docker0 +8000\.[0-9a-f]{12} +no +bridge +veth\w+ +forwarding +\w+$/m);
	});

	it('info: every required reader reads, as root', async () => {
		const {readers, programs, engine: about} = (await lab().dockhopJson('info')) as Info;
		expect(about.version).toBe(lab().version);
		expect(readers.filter(({required, read}) => required && !read)).toEqual([]);
		const {stdout: said} = await lab().host(['nft', '--version']);
		const [nft, tcpdump] = ['nft', 'tcpdump'].map(wanted => programs.find(({name}) => name === wanted));
		expect(said).toContain(`v${nft?.version} `);
		expect(tcpdump?.version).toMatch(/^\d+\.\d+/);
	});

	it('explain, record and replay: the recording shows the same lists', async () => {
		const file = `${lab().folder}/recording.json`;
		expect((await lab().dockhop('record', file)).code).toBe(0);
		for (const list of ['networks', 'containers', 'bridges']) {
			const live = await lab().dockhop(list);
			expect(await lab().dockhop(list, '--replay', file), list).toMatchObject({stdout: live.stdout, code: 0});
		}
	});
});

interface Info {
	readers: Reader[];
	programs: {name: string; version: string | null; why: string}[];
	engine: {version: string};
}

interface Network {
	id: string;
	name: string;
	driver: string;
	scope: string;
	subnets: string[];
	gateways: string[];
	containers: string[];
}

interface Container {
	id: string;
	name: string;
	state: string;
	networks: {name: string; address: string | null; veth: string | null}[];
	ports: {hostAddress: string; hostPort: number; port: number; proto: string}[];
}

interface Bridge {
	name: string;
	id: string;
	stp: boolean;
	network: string;
	interfaces: {name: string; state: string; container: string | null}[];
}

interface Reader {
	name: string;
	required: boolean;
	read: boolean;
}

/** `brctl show`: bridge, id, STP, interfaces (sorted: without the host's /sys it gives them in another order), one to a line. */
function brctl(text: string): string[][] {
	const bridges: string[][] = [];
	for (const line of text.split('\n').slice(1).filter(Boolean)) {
		const words = line.trim().split(/\s+/);
		if (line.startsWith('\t')) bridges.at(-1)?.push(...words);
		else bridges.push(words);
	}
	return bridges.map(([name = '', id = '', stp = '', ...interfaces]) => [name, id, stp, ...interfaces.toSorted()]);
}
