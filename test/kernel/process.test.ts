import {describe, expect, it} from 'vitest';
import {grantsReading} from '../../source/kernel/capabilities.js';
import {freezersOf} from '../../source/kernel/frozen.js';
import {containerOf, parseStat} from '../../source/kernel/process.js';
import {parseProxy} from '../../source/kernel/proxies.js';
import {fixture} from './fixture.js';

it('reads a name with brackets and blanks', () => {
	expect(parseStat('42 (a) (b c) T 1 42')).toEqual({pid: 42, name: 'a) (b c', state: 'T'});
	expect(() => parseStat('')).toThrow('no process state');
});

it('names the container of a cgroup', () => {
	expect(containerOf(fixture('cgroup-container.txt'))).toMatch(/^[0-9a-f]{64}$/);
	expect(containerOf('0::/user.slice\n')).toBeNull();
});

describe('freezersOf', () => {
	const id = containerOf(fixture('cgroup-container.txt'));

	it('finds the files of a system with both versions', () => {
		expect(freezersOf(fixture('cgroup-container.txt'), fixture('mountinfo-cgroup1.txt')).map(one => one.path)).toEqual([
			`/sys/fs/cgroup/freezer/docker/${id}/freezer.state`,
			`/sys/fs/cgroup/unified/docker/${id}/cgroup.events`,
		]);
	});

	it('finds a hierarchy that is mounted from one of its groups down', () => {
		const mount = '30 25 0:26 /system.slice /mnt/a\\040b rw,nosuid - cgroup2 cgroup2 rw';
		expect(freezersOf('0::/system.slice/x.scope', mount)[0]?.path).toBe('/mnt/a b/x.scope/cgroup.events');
		expect(freezersOf('0::/system.slices', mount)).toEqual([]);
	});

	it('has no answer for what lies outside of its cgroup namespace', () => {
		expect(freezersOf('0::/../other', '30 25 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw')).toEqual([]);
	});

	it('knows the words of both versions', () => {
		const [v1, v2] = freezersOf(fixture('cgroup-container.txt'), fixture('mountinfo-cgroup1.txt'));
		expect([v1?.frozen.test('FROZEN\n'), v1?.frozen.test('FREEZING\n'), v1?.frozen.test('THAWED\n')]).toEqual([true, true, false]);
		expect([v2?.frozen.test('populated 1\nfrozen 1\n'), v2?.frozen.test('populated 1\nfrozen 0\n')]).toEqual([true, false]);
	});
});

it('reads the argument vector of docker-proxy', () => {
	expect(parseProxy(7, fixture('docker-proxy28.cmdline'))).toEqual({
		pid: 7,
		proto: 'tcp',
		hostAddress: '0.0.0.0',
		hostPort: 8080,
		containerAddress: '172.18.0.2',
		containerPort: 80,
	});
	expect(parseProxy(7, 'grep\0docker-proxy\0')).toBeNull();
	expect(parseProxy(7, 'docker-proxy\0-host-port\0')).toBeNull();
});

it('counts the capabilities of root, not those of a container', () => {
	expect(grantsReading('000001fffeffffff')).toBe(true);
	// What Docker gives a container by default.
	expect(grantsReading('00000000a80425fb')).toBe(false);
	expect(grantsReading('0')).toBe(false);
});
