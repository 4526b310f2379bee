import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {readConfined} from '../../source/kernel/confined-file.js';

let root = '';
beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), 'dhk-root-'));
	for (const folder of ['etc', 'run']) mkdirSync(join(root, folder));
	writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n');
	writeFileSync(join(root, 'run/resolv.conf'), 'nameserver 192.0.2.53\n');
	symlinkSync('/run/resolv.conf', join(root, 'etc/resolv.conf'));
});
afterAll(() => rmSync(root, {recursive: true}));

test('files of a container are read in one go, each by its own way', async () => {
	const [hosts, resolvConf, nsswitch, folder] = await readConfined(root, ['/etc/hosts', '/etc/resolv.conf', '/etc/nsswitch.conf', '/etc']);
	expect([hosts, resolvConf, nsswitch]).toMatchObject([
		{value: '127.0.0.1 localhost\n', source: `${root}/etc/hosts`, command: `cat ${root}/etc/hosts`},
		{value: 'nameserver 192.0.2.53\n'},
		{value: ''},
	]);
	expect(folder).toMatchObject({read: false, gap: {id: 'read-failed'}});
});

test('that this process was busy for longer than a file may take does not make its answer late', async () => {
	const reading = readConfined(root, ['/etc/hosts']);
	for (const until = performance.now() + 2200; performance.now() < until; );
	expect(await reading).toMatchObject([{read: true, value: '127.0.0.1 localhost\n'}]);
});
