import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {useLab} from '../lab/use-lab.ts';
import {often, report} from './form.ts';

const engine = engines.at(-1) as (typeof engines)[number];
/** Words that stand nowhere else, 25 of each kind. */
const canaries = (kind: string, count = 25) => Array.from({length: count}, (_, index) => `canary-${kind}-${index}-q7x`);
const kinds = {environment: canaries('env'), labels: canaries('label'), urls: canaries('url', often(6, 25)), headers: canaries('header')};
const all = Object.values(kinds).flat();

describe(`secrets on engine ${engine}`, () => {
	const lab = useLab({engine}, scene);

	it('none of those in environment, labels, URLs and headers: is in recordings, reports and info', async () => {
		// The positive control: the engine and the server give them away.
		expect(found(await lab().docker('inspect', 'keeper', 'sender'), [...kinds.environment, ...kinds.labels])).toHaveLength(50);
		const answer = await lab().host(['curl', '-si', `http://127.0.0.1:8088/`]);
		expect(found(answer.stdout, kinds.headers)).toHaveLength(25);
		const written: string[] = [];
		for (const [index, secret] of kinds.urls.entries()) {
			const url = index % 2 === 0 ? `http://user:${secret}@127.0.0.1:8088/?token=${secret}` : `http://127.0.0.1:8088/?key=${secret}`;
			const file = join(lab().folder, `canary-${index}.json`);
			// A few are traced as well: that takes its time.
			const traced = index < 3 ? ['--trace', url] : [];
			const ran = await lab().dockhop('record', file, ...traced);
			expect(ran.code, ran.stderr).toBeLessThan(4);
			written.push(await readFile(file, 'utf8'), ran.stdout);
			// Markdown is the report that is pasted; the table and JSON say the URL as it was typed, to whom typed it.
			if (index < 3)
				for (const command of ['trace', 'flow']) {
					const replayed = ['--replay', file, '--format', 'markdown'];
					written.push((await lab().dockhop(command, url, ...replayed)).stdout);
				}
			if (index < 3) written.push((await lab().dockhop('probe', url, '--format', 'markdown')).stdout);
		}
		for (const format of ['table', 'markdown', 'json'])
			for (const args of [
				['info'],
				['doctor', '--probe'],
				['networks'],
				['containers'],
				['bridges'],
				['flow', 'keeper:80'],
				['probe', ':8088'],
				['trace', ':8088'],
			])
				written.push((await lab().dockhop(...args, '--format', format)).stdout);
		const leaked = [...new Set(written.flatMap(text => found(text, all)))];
		report(`${all.length} canaries, ${written.length} recordings and reports: ${leaked.length} found`);
		expect(leaked).toEqual([]);
	}, 400_000);
});

function found(text: string, words: readonly string[]): string[] {
	return words.filter(word => text.includes(word));
}

async function scene(lab: Lab): Promise<void> {
	const {environment, labels, headers} = kinds;
	const env = environment.flatMap((word, index) => ['-e', `${['PASSWORD', 'TOKEN', 'PLAIN'][index % 3]}_${index}=${word}`]);
	const label = labels.flatMap((word, index) => ['--label', `${['secret', 'traefik.auth', 'note'][index % 3]}.${index}=${word}`]);
	const lines = [...headers.map((word, index) => `X-Secret-${index}: ${word}`), `Set-Cookie: id=${headers[0]}`].join('\r\n');
	const reply = `HTTP/1.0 200 OK\r\n${lines}\r\nContent-Length: 0\r\n\r\n`;
	await lab.docker('run', '-d', '--name', 'keeper', ...env, '-p', '8087:80', 'busybox', 'httpd', '-f', '-p', '80');
	const serve = `exec nc -ll -p 80 -e sh -c 'read -r _; printf "%s" "$0"' "$1"`;
	await lab.docker('run', '-d', '--name', 'sender', ...label, '-p', '8088:80', 'busybox', 'sh', '-c', serve, 'sh', reply);
}
