/**
 * node scripts/record-screens.ts
 *
 * Records the hosts on which the explorer's screens are kept as text (test/ui/screens.test.tsx), from a real engine, as root: without a
 * container, with one, with 200, and with names and ports that no screen was made for.
 */
import {readFile, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {inPool} from '../source/engine/pool.ts';
import {type Lab, startLab} from '../test/lab/lab.ts';

const folder = fileURLToPath(new URL('../test/recordings/screens/', import.meta.url));
const serve = ['httpd', '-f', '-p', '80', '-h', '/www'];
const long = 'a-container-whose-name-is-so-long-that-no-column-of-any-list-can-hold-it-since-it-has-a-hundred-cha';

const lab = await startLab({engine: '28.5', name: process.argv[2] ?? 'screens'});
try {
	await record(lab, 'none');
	await lab.docker('run', '-d', '--name', 'only', '--hostname', 'only', '-p', '8080:80', 'busybox', ...serve);
	await record(lab, 'one');
	await hardNames(lab);
	await record(lab, 'hard');
	await lab.docker('rm', '-f', ...(await lab.docker('ps', '-aq')).split('\n'));
	await many(lab);
	await record(lab, 'many');
} finally {
	await lab.stop();
}

/** Packed: what is recorded of 200 containers is large, and the same words over and over. */
async function record(lab: Lab, name: string): Promise<void> {
	const file = `${lab.folder}/${name}.json`;
	const {code, stderr} = await lab.dockhop('record', file);
	if (code !== 0) throw new Error(`record ${name}: ${stderr}`);
	await writeFile(`${folder}${name}.json.gz`, gzipSync(await readFile(file), {level: 9}));
}

/** A name of 100 characters, words in wide letters where Docker takes them, forty published ports, many networks on one container. */
async function hardNames(lab: Lab): Promise<void> {
	await lab.docker('network', 'create', 'n'.repeat(100));
	await lab.docker('network', 'create', '--label', 'com.docker.compose.project=商店', 'shop');
	const compose = ['--label', 'com.docker.compose.project=商店', '--label', 'com.docker.compose.service=网页服务器'];
	await lab.docker(
		'run',
		'-d',
		'--name',
		long,
		'--hostname',
		'h'.repeat(60),
		'--network',
		'n'.repeat(100),
		'-p',
		'8081:80',
		'busybox',
		...serve,
	);
	await lab.docker(
		'run',
		'-d',
		'--name',
		'shop-web-1',
		'--network',
		'shop',
		'--network-alias',
		'网页',
		...compose,
		'-p',
		'8082:80',
		'busybox',
		...serve,
	);
	const ports = Array.from({length: 40}, (_, index) => ['-p', `${9000 + index * 3}:${80 + index * 2}`]).flat();
	await lab.docker('run', '-d', '--name', 'forty', ...ports, 'busybox', ...serve);
	for (let index = 0; index < 6; index++) {
		await lab.docker('network', 'create', `net-${index}`);
		await lab.docker('network', 'connect', `net-${index}`, 'forty');
	}
}

/** Twenty that run and 180 that do not. */
async function many(lab: Lab): Promise<void> {
	const names = Array.from({length: 200}, (_, index) => `service-${String(index + 1).padStart(3, '0')}`);
	await inPool(4, names.slice(20), name => lab.docker('create', '--name', name, '-p', '80', 'busybox', ...serve));
	await inPool(2, names.slice(0, 20), name => lab.docker('run', '-d', '--name', name, '--hostname', name, '-p', '80', 'busybox', ...serve));
}
