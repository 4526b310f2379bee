import {describe, expect, it} from 'vitest';
import {parseLinks} from '../../source/kernel/links.js';
import {fixture} from './fixture.js';

const links = parseLinks(fixture('ip-link.txt'));
const named = (name: string) => links.find(link => link.name === name);

describe('parseLinks', () => {
	it('reads a bridge with its id as brctl prints it, and STP', () => {
		expect(named('br-app')).toEqual({
			index: 3,
			name: 'br-app',
			mac: 'da:d0:a7:06:a7:d0',
			mtu: 1500,
			up: true,
			operstate: expect.any(String),
			carrier: expect.any(Boolean),
			kind: 'bridge',
			master: null,
			linkIndex: null,
			linkNetnsid: null,
			bridge: {id: '8000.dad0a706a7d0', stp: true, vlanFiltering: false, callIptables: false, callIp6tables: false},
			port: null,
			xdp: false,
			group: 0,
		});
		expect(named('docker0')?.bridge?.stp).toBe(false);
	});

	it('reads a port of a bridge whose peer is in another namespace', () => {
		expect(named('veth1')).toMatchObject({
			kind: 'veth',
			master: 'br-app',
			linkIndex: 2,
			linkNetnsid: 1,
			port: {hairpin: true, isolated: true, number: 1},
		});
	});

	it('finds the index of a peer or lower link that is printed by its name', () => {
		expect(named('veth2')).toMatchObject({linkIndex: named('veth3')?.index, linkNetnsid: null});
		expect(named('mv0')).toMatchObject({kind: 'macvlan', linkIndex: named('eth0')?.index});
	});

	it('reads other kinds, and what is down', () => {
		expect(named('lo')).toMatchObject({kind: 'loopback', up: true});
		expect(named('vx0')).toMatchObject({kind: 'vxlan', master: 'docker0', mtu: 1450, port: {state: 'forwarding'}});
		expect(named('mv0')).toMatchObject({up: false, carrier: false, operstate: 'DOWN'});
	});

	it('reads the links of a host with an engine', () => {
		const docker = parseLinks(fixture('ip-link-docker28.txt'));
		const ports = docker.filter(link => link.kind === 'veth' && link.port);
		expect(ports.length).toBeGreaterThan(3);
		for (const port of ports) {
			expect(port.port?.state).toBe('forwarding');
			expect(docker.find(link => link.name === port.master)?.bridge).not.toBeNull();
		}
	});

	it('drops the empty objects of some versions, takes nothing for none, and says where a text is no list', () => {
		expect(parseLinks('[{},{},{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP"]}]').map(link => link.name)).toEqual(['lo']);
		expect(parseLinks('')).toEqual([]);
		expect(() => parseLinks('{"ifindex":1}')).toThrow('a JSON list was expected');
		expect(() => parseLinks('[{"ifindex":1}]')).toThrow('"ifname" is missing');
		expect(() => parseLinks('1: lo: <LOOPBACK>')).toThrow(SyntaxError);
	});

	it('lets no control character through', () => {
		expect(parseLinks('[{"ifindex":7,"ifname":"a\\u001b[31m"}]')[0]?.name).toBe('a�[31m');
	});
});
