import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {expect, test, vi} from 'vitest';
import {commands} from '../../source/commands/index.js';
import {recordedSession} from '../../source/session/recorded.js';

const recording = fileURLToPath(new URL('../recordings/six-28.json', import.meta.url));

/** What a command writes as it is, given these words. */
async function said(name: string, words: string[], session?: () => unknown): Promise<string> {
	let text = '';
	const command = commands.find(one => one.name === name);
	await command?.run({arguments: words, session, output: {text: (part: string) => (text += part)}} as never);
	return text;
}

/** What is offered for a line behind `dockhop `, on the host of a recording. */
async function offered(line: string): Promise<string[]> {
	// The shell does not wait for long; a machine that does much else would give no names.
	vi.useFakeTimers({toFake: ['setTimeout']});
	const text = await said('complete', line.split(' '), () => recordedSession(recording)).finally(() => vi.useRealTimers());
	return text
		.split('\n')
		.filter(Boolean)
		.map(each => each.split('\t')[0] ?? '');
}

test.each([
	['n', ['networks']],
	['--form', ['--format']],
	['networks --format ', ['table', 'markdown', 'json']],
	['networks --format=m', ['--format=markdown']],
	['flow web --f', ['--from', '--format']],
	['flow --from app w', ['web', 'www']],
	['flow www:', ['www:80']],
	['flow :80', [':8080', ':8081']],
	['flow web --from ho', ['host', 'hosty']],
	['flow web --from=la', ['--from=lan']],
	['probe web --from la', []],
	['flow web --from lan ', []],
	['--json completion ', ['bash', 'zsh', 'fish']],
	['explain listens-', ['listens-on-loopback', 'listens-elsewhere']],
	['record ', []],
	['--replay ', []],
	['compl', ['completion']],
	['flow web --nonsense ', []],
])('for "%s"', async (line, words) => {
	expect((await offered(line)).toSorted()).toEqual(words.toSorted());
});

test('a container is offered with what it is', async () => {
	vi.useFakeTimers({toFake: ['setTimeout']});
	const text = await said('complete', ['flow', 'ww'], () => recordedSession(recording)).finally(() => vi.useRealTimers());
	expect(text).toBe('www\trunning, 8080→80\n');
});

test('an engine that is not there, or says nothing, has no names; the fixed words are offered all the same', async () => {
	const gone = () => ({ready: () => Promise.reject(new Error('gone'))});
	const silent = () => ({ready: () => new Promise(() => {})});
	for (const session of [gone, silent]) {
		vi.useFakeTimers();
		const texts = Promise.all([said('complete', ['flow', ''], session), said('complete', ['flow', 'web', '--from', ''], session)]);
		await vi.advanceTimersByTimeAsync(1000);
		vi.useRealTimers();
		expect(await texts).toEqual(['', expect.stringMatching(/^host\t.*\nlan\t.*\n$/)]);
	}
});

test('a name that a shell would obey is not offered', async () => {
	const text = (await readFile(recording, 'utf8'))
		.replaceAll('"name": "www"', '"name": "$(reboot)"')
		.replaceAll('"name":"www"', '"name":"$(reboot)"');
	const snapshot = JSON.parse(text);
	expect(text).toContain('$(reboot)');
	const session = () => ({ready: async () => snapshot.snapshot ?? snapshot});
	const names = await said('complete', ['flow', ''], session);
	expect(names).toContain('web\t');
	expect(names).not.toContain('reboot');
});

test('the engine that is asked is the one that the line names', async () => {
	const asked: unknown[] = [];
	const session = (options: unknown) => {
		asked.push(options);
		return recordedSession(recording);
	};
	await said('complete', ['--host', 'unix:///x.sock', 'flow', ''], session as never);
	await said('complete', ['flow', '--replay=x.json', ''], session as never);
	await said('complete', ['--demo', '--host', 'unix:///x.sock', 'flow', ''], session as never);
	expect(asked).toMatchObject([{host: 'unix:///x.sock'}, {replay: 'x.json'}]);
});

test('another shell is wrong usage', async () => {
	await expect(said('completion', ['tcsh'])).rejects.toThrow("no completion for 'tcsh'; there is one for bash, zsh, fish");
	await expect(said('completion', ['constructor'])).rejects.toThrow('no completion');
});
