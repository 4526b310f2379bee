import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {conclude} from '../../source/kernel/ask-name.js';
import {listens} from '../../source/kernel/candidates.js';
import {parseLinks} from '../../source/kernel/links.js';
import {readProgram} from '../../source/kernel/program.js';
import {parseSysctls} from '../../source/kernel/sysctls.js';
import {pairsOf} from '../../source/kernel/veths.js';
import {cleanLines} from '../../source/text/clean-lines.js';
import {fixture} from './fixture.js';

describe('readProgram', () => {
	it('names the package of a program that is missing', async () => {
		expect(await readProgram([], ['no-such-reader'], text => text)).toEqual({
			read: false,
			gap: {id: 'no-program', why: 'no-such-reader is not installed', tell: 'apt install no-such-reader'},
		});
	});

	it('reads anew what changed while it was being listed, and has a gap where it never comes to rest', async () => {
		const line =
			'echo x >> "$1"; echo part; if [ $(wc -l < "$1") -lt "$2" ]; then echo "Dump was interrupted and may be inconsistent." >&2; fi';
		const file = join(mkdtempSync(join(tmpdir(), 'dhk-')), 'tries');
		expect(await readProgram([], ['sh', '-c', line, 'sh', file, '2'], text => text)).toMatchObject({read: true, value: 'part\n'});
		expect(await readProgram([], ['sh', '-c', line, 'sh', file, '99'], text => text)).toMatchObject({
			read: false,
			gap: {id: 'read-failed'},
		});
		expect(readFileSync(file, 'utf8')).toBe('x\n'.repeat(5));
		rmSync(dirname(file), {recursive: true});
	});

	it('says what a failing program said last, and what it printed where that was not understood', async () => {
		const failed = await readProgram([], ['cat', '/no/such/file'], text => text);
		expect(failed).toMatchObject({read: false, gap: {id: 'read-failed', why: expect.stringContaining('No such file or directory')}});
		const hostile = await readProgram([], ['sh', '-c', 'printf "\\033[2Jno\\n" >&2; exit 3'], text => text);
		expect(hostile).toMatchObject({read: false, gap: {why: 'sh failed: �[2Jno'}});
		const odd = await readProgram([], ['echo', 'links'], parseLinks);
		expect(odd).toMatchObject({read: false, gap: {id: 'read-failed', why: expect.stringMatching(/^echo links was not understood/)}});
	});
});

it('takes two links for a pair only where each names the other', () => {
	const links = parseLinks(fixture('ip-link.txt'));
	expect(pairsOf('c', [{interface: 'eth0', index: 2, peer: 5}], links)).toEqual([
		{containerId: 'c', interface: 'eth0', hostIndex: 5, by: 'iflink'},
	]);
	expect(pairsOf('c', [{interface: 'eth0', index: 9, peer: 5}], links)).toEqual([]);
	// Both ends in the host's own namespace: no container's.
	expect(pairsOf('c', [{interface: 'veth3', index: 6, peer: 7}], links)).toEqual([]);
});

it('finds a listening unix socket among connected ones by its path', () => {
	const unix = fixture('net-unix.txt');
	expect(listens(unix, new Set(['/run/docker.sock']))).toBe(true);
	expect(listens(unix, new Set(['/var/run/docker.sock']))).toBe(false);
	const connected = unix.split('\n').filter(line => !line.includes('00010000'));
	expect(listens(connected.join('\n'), new Set(['/run/docker.sock']))).toBe(false);
});

it('reads sysctls, with a dot in a link as it is', () => {
	const text =
		'/proc/sys/net/ipv4/ip_forward:1\n/proc/sys/net/ipv4/conf/eth0.7/rp_filter:2\n/proc/sys/net/ipv4/ip_local_port_range:32768\t60999\n';
	expect(parseSysctls(text)).toEqual({
		'net.ipv4.ip_forward': '1',
		'net.ipv4.conf.eth0.7.rp_filter': '2',
		'net.ipv4.ip_local_port_range': '32768 60999',
	});
	expect(() => parseSysctls('grep: x\n')).toThrow('is no sysctl');
	const sockets =
		'/proc/net/sockstat:sockets: used 153\n/proc/net/sockstat:TCP: inuse 5 orphan 0 tw 2 alloc 550 mem 45\n/proc/net/sockstat6:TCP6: inuse 1\n';
	expect(parseSysctls(sockets)).toEqual({'sockstat.TCP': '5', 'sockstat.tw': '2', 'sockstat.TCP6': '1'});
});

it('keeps lines and removes control characters, also those that JSON escapes', () => {
	expect(cleanLines('-A A\n-m comment --comment "\u001b[2J"\n')).toBe('-A A\n-m comment --comment "�[2J"\n');
	expect(JSON.parse(cleanLines('{"comment":"\\u001b[2J\\u009b"}')).comment).toBe('�[2J�');
});

describe('conclude', () => {
	it('takes an address of either family for an answer', () => {
		expect(conclude({addresses: ['192.0.2.1'], errors: [null, 'ETIMEOUT']})).toEqual({addresses: ['192.0.2.1'], error: null});
	});
	it('knows a name without addresses from one that does not exist', () => {
		expect(conclude({addresses: [], errors: ['ENODATA', 'ENODATA']})).toEqual({addresses: [], error: null});
		expect(conclude({addresses: [], errors: ['ENOTFOUND', 'ETIMEOUT']})).toEqual({addresses: [], error: 'NXDOMAIN'});
		expect(conclude({addresses: [], errors: ['ENODATA', 'ESERVFAIL']})).toEqual({addresses: [], error: 'SERVFAIL'});
		expect(conclude({addresses: [], errors: ['EBADRESP', 'EBADRESP']})).toEqual({addresses: [], error: 'EBADRESP'});
	});
});
