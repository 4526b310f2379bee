/**
 * node scripts/demo.ts [NAME]   makes demo/demo.json anew, as root, on a lab of that name with a real engine 28.5:
 * the six containers of every lab and `api`, whose published port a rule of the host drops for the LAN; and a trace of three requests.
 */
import {readFile, writeFile} from 'node:fs/promises';
import {hostname, release} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Snapshot, Trace} from '../source/model/index.ts';
import {type Lab, program, startLab} from '../test/lab/lab.ts';
import {sceneSix} from '../test/lab/scene-six.ts';

const hostName = 'web-01';
const [name] = process.argv.slice(2);
const lab = await startLab({engine: '28.5', ...(name === undefined ? {} : {name})});
try {
	await sceneSix(lab);
	await lab.docker(
		'run',
		'-d',
		'--name',
		'api',
		'--network',
		'appnet',
		'-p',
		'8090:80',
		'busybox',
		'httpd',
		'-f',
		'-p',
		'80',
		'-h',
		'/www',
	);
	await lab.host([...'iptables -I DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 8090 --ctdir ORIGINAL'.split(' '), '-j', 'DROP']);
	const healthy = await record(lab, ['www', '--from', 'lan'], ['curl', '-s', '-o', '/dev/null', `http://${lab.address.host}:8080/`]);
	const inside = await record(lab, ['http://web/', '--from', 'app']);
	const broken = await record(lab, ['api', '--from', 'lan'], ['curl', '-s', '-m', '2', `http://${lab.address.host}:8090/`]);
	const traces = [healthy, inside, broken].flatMap((snapshot): Trace[] => snapshot.traces ?? []);
	const path = fileURLToPath(new URL('../demo/demo.json', import.meta.url));
	await writeFile(path, await neutral(`${JSON.stringify({...broken, traces}, null, '\t')}\n`, lab.folder));
} finally {
	await lab.stop();
}

/** A recording with a trace; `client` is run on the LAN as soon as the trace waits for it. */
async function record(lab: Lab, target: readonly string[], client?: readonly string[]): Promise<Snapshot> {
	const file = join(lab.folder, 'demo.json');
	const [to = '', ...from] = target;
	const recording = lab.start('host', [process.execPath, program, 'record', file, '--trace', to, ...from, '--timeout', '10']);
	if (client) {
		await recording.until(async () => (await recording.output()).includes('on the client run:'), 20_000);
		await lab.lan(client, {mayFail: true});
	}
	while (recording.ended === null) await new Promise(resolve => setTimeout(resolve, 50));
	if (recording.ended !== 'exit 0') throw new Error(`nothing was recorded: ${await recording.output()}`);
	return JSON.parse(await readFile(file, 'utf8'));
}

/** Without what is only of the machine that made it: its name, its files' places, its name server. */
async function neutral(text: string, folder: string): Promise<string> {
	const within = (value: string) => JSON.stringify(value).slice(1, -1);
	const [hosts, servers] = await Promise.all(['/etc/hosts', '/etc/resolv.conf'].map(file => readFile(file, 'utf8')));
	const changes: [string, string][] = [
		[within(hosts ?? ''), within(`127.0.0.1 localhost\n127.0.1.1 ${hostName}\n`)],
		[within(servers ?? ''), within('nameserver 192.0.2.53\n')],
		[`${folder}/docker.sock`, '/var/run/docker.sock'],
		[`${folder}/data`, '/var/lib/docker'],
		[`${folder}/exec`, '/var/run/docker'],
		[JSON.stringify(hostname()), JSON.stringify(hostName)],
		[JSON.stringify(release()), JSON.stringify(release().replace(/-.*$/, ''))],
	];
	return changes.reduce((changed, [from, to]) => (from === '' ? changed : changed.replaceAll(from, to)), text);
}
