import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {useLab} from '../lab/use-lab.ts';
import {flow} from './flow-checks.ts';
import {agrees, type Flow, type Row, told, walkAndSend} from './walk-and-send.ts';

const serve = ['tiny', '/tiny', 'serve', '[::]:80'];
/** By the engine's choice from a range of the LAN's own subnet; a second link of the host has a subnet of its own, and one that has none is inside. */
const at = {one: '10.99.0.130', two: '10.99.0.131', alone: '10.97.0.130', apart: '10.97.0.131', shim: '10.99.0.200'};

/** Two containers in the LAN, two more behind a second link in mode private, one on a bridge with a published port. */
async function besideTheHost(lab: Lab): Promise<void> {
	const lan = lab.lanNetns.slice('/run/netns/'.length);
	await lab.host(['ip', 'link', 'add', 'nic2', 'type', 'veth', 'peer', 'name', 'far2', 'netns', lan]);
	await lab.host(['ip', 'link', 'set', 'nic2', 'up']);
	await lab.lan(['ip', 'addr', 'add', '10.97.0.2/24', 'dev', 'far2']);
	await lab.lan(['ip', 'link', 'set', 'far2', 'up']);
	const network = (name: string, ...args: string[]) => lab.docker('network', 'create', '-d', 'macvlan', ...args, name);
	await network('lannet', '-o', 'parent=eth0', '--subnet', '10.99.0.0/24', '--gateway', '10.99.0.2', '--ipv6', '--subnet', 'fd97:99::/64');
	await network('private', '-o', 'parent=nic2', '-o', 'macvlan_mode=private', '--subnet', '10.97.0.0/24', '--gateway', '10.97.0.2');
	const run = (name: string, net: string, ip: string) =>
		lab.docker('run', '-d', '--name', name, '--stop-timeout', '1', '--cap-add', 'NET_ADMIN', '--network', net, '--ip', ip, ...serve);
	await run('one', 'lannet', at.one);
	await run('two', 'lannet', at.two);
	await run('alone', 'private', at.alone);
	await run('apart', 'private', at.apart);
	await lab.docker('run', '-d', '--name', 'plain', '--stop-timeout', '1', '-p', '8001:80', ...serve);
}

describe.each(engines)('containers that stand in the LAN (macvlan) on engine %s', engine => {
	const lab = useLab({engine}, besideTheHost);
	const origins = ['lan', 'host', 'plain', 'one', 'two', 'alone'];
	const targets = [`${at.one}:80`, `${at.two}:80`, `${at.alone}:80`, `${at.apart}:80`, '10.99.0.1:8001'];
	/** What the router of the LAN would have to bring back to this host, by its other link: nobody here can know whether it does. */
	const beyondRouter = ({origin, target}: Flow) =>
		(target.startsWith('10.97.') && !['lan', 'alone'].includes(origin)) || (target.startsWith('10.99.') && origin === 'alone');
	const all: Flow[] = origins.flatMap(origin => targets.map(target => ({origin, target})));

	function wrong(rows: readonly Row[]): string[] {
		return rows.filter(row => (beyondRouter(row) ? row.path.verdict !== 'undetermined' : !agrees(row))).map(told);
	}

	it('each request between the LAN, the host and containers fares as explained', async () => {
		const rows = await walkAndSend(lab(), all);
		expect(wrong(rows)).toEqual([]);
		const arrived = rows.filter(row => row.happened).map(({origin, target}) => `${origin} ${target}`);
		expect(arrived).toEqual(expect.arrayContaining([`lan ${at.one}:80`, `one ${at.two}:80`, `lan ${at.alone}:80`, 'lan 10.99.0.1:8001']));
		expect(arrived).not.toContain(`host ${at.one}:80`);
		expect(arrived).not.toContain(`alone ${at.apart}:80`);
		expect(arrived).not.toContain('one 10.99.0.1:8001');
	});

	it('the way from the LAN meets no rule of the host, and leaves by the link that the client is behind', async () => {
		const document = await flow(lab(), `${at.alone}:80`, '--from', 'lan', '--reply');
		expect(document.hops.map(({kind, name}) => `${kind} ${name}`).slice(1, 4)).toEqual(['nic nic2', 'macvlan nic2', 'interface eth0']);
		expect(document.hops.filter(({kind}) => kind === 'netfilter')).toEqual([]);
		expect(document.reply?.hops.at(-1)).toMatchObject({kind: 'nic', name: 'nic2', verdict: 'passes'});
	});

	it('a request to a server on the LAN is forwarded, with the address of the container', async () => {
		const document = await flow(lab(), `http://${lab().address.lan}:8443/`, '--from', 'one');
		expect(document.verdict).toBe('forwarded');
		expect(document.hops.at(-1)).toMatchObject({kind: 'outside', packet: {src: at.one}});
		expect(document.assumptions.map(({id}) => id)).not.toContain('answer-route');
	});

	it('with a macvlan interface of the host on the same link, the two reach each other as routes say', async () => {
		await lab().host(['ip', 'link', 'add', 'shim', 'link', 'eth0', 'type', 'macvlan', 'mode', 'bridge']);
		await lab().host(['ip', 'addr', 'add', `${at.shim}/32`, 'dev', 'shim']);
		await lab().host(['ip', 'link', 'set', 'shim', 'up']);
		await lab().host(['ip', 'route', 'add', `${at.one}/32`, 'dev', 'shim']);
		const targets = [`${at.one}:80`, `${at.two}:80`, '10.99.0.1:8001', `${at.shim}:8001`];
		const rows = await walkAndSend(
			lab(),
			origins.flatMap(origin => targets.map(target => ({origin, target}))),
		);
		await lab().host(['ip', 'link', 'del', 'shim']);
		expect(wrong(rows)).toEqual([]);
		expect(rows.filter(row => row.happened).map(({origin, target}) => `${origin} ${target}`)).toEqual(
			expect.arrayContaining([`host ${at.one}:80`, `one ${at.shim}:8001`]),
		);
	});

	it('an address of the host on another link is no dead end: outside, the two links may be one LAN', async () => {
		const lan = lab().lanNetns.slice('/run/netns/'.length);
		await lab().lan(['ip', 'link', 'add', 'switch', 'type', 'bridge']);
		await lab().lan(['ip', 'link', 'set', 'switch', 'up']);
		for (const end of ['4', '5']) {
			await lab().host(['ip', 'link', 'add', `nic${end}`, 'type', 'veth', 'peer', 'name', `far${end}`, 'netns', lan]);
			await lab().host(['ip', 'link', 'set', `nic${end}`, 'up']);
			await lab().lan(['ip', 'link', 'set', `far${end}`, 'up', 'master', 'switch']);
		}
		await lab().host(['ip', 'addr', 'add', '10.96.0.1/24', 'dev', 'nic5']);
		await lab().docker('network', 'create', '-d', 'macvlan', '-o', 'parent=nic4', '--subnet', '10.96.0.0/24', 'joined');
		await lab().docker('run', '-d', '--name', 'near', '--stop-timeout', '1', '--network', 'joined', ...serve);
		const [row] = await walkAndSend(lab(), [{origin: 'near', target: '10.96.0.1:8001'}]);
		await lab().docker('rm', '-f', 'near');
		await lab().docker('network', 'rm', 'joined');
		await lab().host(['sh', '-c', 'ip link del nic4; ip link del nic5']);
		expect(row).toMatchObject({happened: true, path: {verdict: 'undetermined'}});
	});

	it.each<[string, (lab: Lab) => Promise<unknown>, (lab: Lab) => Promise<unknown>]>([
		[
			'the link below is down',
			lab => lab.host(['ip', 'link', 'set', 'nic2', 'down']),
			lab => lab.host(['ip', 'link', 'set', 'nic2', 'up']),
		],
		[
			'a rule of the link itself drops',
			lab =>
				lab.host(['nft', '-f', '-'], {
					stdin:
						'table netdev t { chain c { type filter hook ingress device "nic2" priority 0; ip daddr 10.97.0.130 tcp dport 80 drop; }; }',
				}),
			lab => lab.host(['nft', 'delete', 'table', 'netdev', 't']),
		],
		[
			'the host drops all that it forwards and takes in',
			lab =>
				lab.host(['nft', '-f', '-'], {
					stdin:
						'table ip t { chain f { type filter hook forward priority 0; policy drop; }; chain i { type filter hook input priority 0; policy drop; }; }',
				}),
			lab => lab.host(['nft', 'delete', 'table', 'ip', 't']),
		],
		[
			'the container drops it',
			async lab => lab.host(['nsenter', '-t', await pidOf(lab, 'alone'), '-n', 'iptables', '-A', 'INPUT', '-p', 'tcp', '-j', 'DROP']),
			async lab => lab.host(['nsenter', '-t', await pidOf(lab, 'alone'), '-n', 'iptables', '-F', 'INPUT']),
		],
	])('%s', async (words, make, undo) => {
		await make(lab());
		const rows = await walkAndSend(lab(), [
			{origin: 'lan', target: `${at.alone}:80`},
			{origin: 'lan', target: `${at.one}:80`},
		]);
		await undo(lab());
		expect(wrong(rows)).toEqual([]);
		expect(rows.map(row => row.happened)).toEqual([words.startsWith('the host'), true]);
	});
});

function pidOf(lab: Lab, name: string): Promise<string> {
	return lab.docker('inspect', '-f', '{{.State.Pid}}', name);
}
