import {afterEach, describe, expect, it} from 'vitest';
import {ownSequences} from '../endurance/hostile-strings.ts';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {useLab} from '../lab/use-lab.ts';
import type {Program} from '../terminal/program.ts';
import {goTo, send, startOn} from './lab-explorer.ts';

const engine = engines.at(-1) as (typeof engines)[number];

describe(`a hostile container on engine ${engine}`, () => {
	const lab = useLab({engine}, hostileScene);
	let shown: Program | undefined;
	afterEach(() => shown?.stop());

	it.each([
		['networks'],
		['containers'],
		['bridges'],
		['info'],
		['flow', 'evil:80'],
		['flow', 'evil:80', '--from', 'asker', '--rules', '--reply'],
		['flow', 'evil:81', '--rules'],
		['flow', 'http://asker/', '--from', 'evil'],
		['flow', `http://${bite}.example/`, '--from', 'evil'],
		['flow', bite],
		['probe', 'evil:80'],
		['probe', 'http://evil/', '--from', 'asker'],
		['probe', 'http://asker:81/', '--from', 'evil'],
	])('%j %j writes nothing that a terminal obeys', async (...args) => {
		shown = startOn(lab(), args, {columns: 200, rows: 60});
		await shown.ended();
		expectHarmless(shown.output());
		// Where it is sure to be in what is written, harmless.
		if (args[0] === 'networks' || args.includes('evil:81') || args.includes(bite)) expect(shown.output()).toContain('OWNED');
		for (const format of ['json', 'markdown']) {
			const {stdout, stderr} = await lab().dockhop(...args, '--format', format);
			expectHarmless(stdout + stderr);
			if (format === 'json' && stdout !== '') expect(() => JSON.parse(stdout)).not.toThrow();
		}
	});

	it('nor does the explorer: lists, hops with all their tabs, menus, filters and probes', async () => {
		shown = startOn(lab(), [], {columns: 120, rows: 40});
		await shown.waitFor(/as root: reads [\s\S]* nasty /);
		shown.press('2', '/', 'OWNED', 'enter');
		await shown.waitFor('/OWNED');
		shown.press('escape');
		await shown.waitFor(/┏━ 2 Containers ━+ 2 ━┓/);
		for (const request of ['evil:80 from asker', 'evil:81', 'http://asker/ from evil', 'evil:80']) {
			const [to = '', from = 'host'] = request.split(' from ');
			await goTo(shown, request, `${from} → ${to}`);
			await shown.waitFor('p sends: ');
			shown.press('g');
			for (let hop = 0; hop < 12; hop++) shown.press('enter', ']', ']', ']', 'enter', 'down');
			await shown.settled();
		}
		await send(shown, 'p', 'host → 127.0.0.1:8080', 'HTTP 500');
		shown.press('4', 'enter');
		await shown.waitFor(/seen: [\s\S]*HTTP 500/);
		shown.press('enter', '2', 'o');
		await shown.waitFor('Requests to ');
		shown.press('ctrl-c');
		expect(await shown.ended()).toBe(130);
		expectHarmless(shown.output());
	});
});

/** What a terminal would obey: a title, a report of its state, a colour, C1 controls, a bidirectional override, a line break; and length. */
const bite = `\u001b]0;OWNED\u0007\u001b[6n\u001b[5;41m\u009b31m\u202Eevil\u200B\r\n${'long'.repeat(60)}`;

/** Its names, labels, files, process and answers hold that text; a name in a firewall rule as well. */
async function hostileScene(lab: Lab): Promise<void> {
	const label = [
		'--label',
		`com.docker.compose.project=${bite}`,
		'--label',
		`com.docker.compose.service=${bite}`,
		'--label',
		`${bite}=${bite}`,
	];
	const line = bite.replace('\r\n', '');
	const http = `HTTP/1.0 500 ${line}\r\nServer: ${line}\r\nContent-Type: ${line}\r\nContent-Length: ${Buffer.byteLength(line)}\r\n\r\n${line}`;
	const short = bite.slice(0, 40);
	const script = [
		'printf "%s" "$1" >>/etc/hosts',
		'printf "%s" "$1" >>/etc/resolv.conf',
		'printf "%s" "$1" >>/etc/nsswitch.conf',
		'cp /bin/tiny "/tmp/$2"',
		'"/tmp/$2" serve 0.0.0.0:81 &',
		`exec nc -ll -p 80 -e sh -c 'printf "%s" "$0"; cat >/dev/null' "$3"`,
	].join('\n');
	await lab.docker('network', 'create', bite.trimEnd().slice(0, 60));
	await lab.docker('network', 'create', 'nasty');
	const evil = [
		'--hostname',
		short,
		'--network',
		'nasty',
		'--network-alias',
		bite,
		'-p',
		'8080:80',
		'--health-cmd',
		`printf '%s' '${bite}'; exit 1`,
	];
	await lab.docker(
		'run',
		'-d',
		'--name',
		'evil',
		...label,
		...evil,
		'busybox',
		'sh',
		'-c',
		script,
		bite,
		`\n1.2.3.4 ${short}\n`,
		short.replaceAll('/', ''),
		http,
	);
	await lab.docker('run', '-d', '--name', 'asker', '--network', 'nasty', 'curl', 'httpd', '-f', '-p', '80', '-h', '/www');
	await lab.host(['iptables', '-I', 'FORWARD', '-p', 'tcp', '-m', 'comment', '--comment', short, '-j', 'ACCEPT']);
}

/** After Ink's own sequences are taken away, no control or format character is left. */
function expectHarmless(output: string): void {
	const left = output.replaceAll(ownSequences, '').replaceAll('\r\n', '').replaceAll('\n', '');
	const found = [...left.matchAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu)].map(({index}) =>
		JSON.stringify(left.slice(Math.max(0, index - 20), index + 20)),
	);
	expect(found).toEqual([]);
	expect(output).not.toContain('\u001b[5;41m');
}
