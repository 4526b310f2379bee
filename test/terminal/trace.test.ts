import {expect} from 'vitest';
import {type Open, test} from './opened.js';
import type {Program, Settings} from './program.js';

/** The explorer on the demo with the flow of this request on the screen. */
async function demo(open: Open, request: string, settings: Settings = {}, ...args: string[]): Promise<Program> {
	const program = open(['--demo', ...args], settings);
	await program.waitFor(/DEMO of 20/);
	program.press(':', request, 'enter');
	await program.waitFor(/3 Request flow {2}.*(delivered|blocked|undetermined)/);
	await program.settled();
	return program;
}

test.for([
	[80, 24],
	[120, 40],
] as const)('on the demo at %i×%i: the recorded request travels the table, and is said to be recorded', async ([columns, rows], {open}) => {
	const shown = await demo(open, 'www:80 from lan', {columns, rows});
	shown.press('t');
	await shown.waitFor(/3 Trace {2}.*on its way…/);
	await shown.waitFor(/3 Trace {2}lan → www.* ✓ delivered, as explained/);
	// The whole journey costs less than one screen drawn anew, and nothing once it is over.
	expect(await shown.settled()).toBeLessThan(columns * rows * 3);
	expect(shown.screen().join('\n')).toMatch(/━ recorded 20\d\d-\d\d-\d\d \d\d:\d\d UTC ━/);
	expect(shown.screen().join('\n')).toMatch(/trace +delivered: the request and its answer were seen/);
	expect(await shown.settled()).toBe(0);
	shown.press('escape');
	await shown.waitFor(/3 Request flow {2}lan → www.* ✓ delivered/);
});

test('without motion it is there at once', async ({open}) => {
	const shown = await demo(open, 'www:80 from lan', {}, '--no-motion');
	shown.press('t');
	await shown.waitFor(/3 Trace {2}lan → www.* ✓ delivered, as explained/);
	expect(shown.output()).not.toContain('on its way');
});

test('one that died: the cursor is where, the rule that did it stands below, and the way there is b', async ({open}) => {
	const shown = await demo(open, 'api:80 from lan', {columns: 80, rows: 24});
	shown.press('t');
	await shown.waitFor(/ ✗ blocked at hop 5, as explained/);
	await shown.waitFor(/▸✗ +5 +filter FORWARD +yes[\s\S]*ends +dropped by filter DOCKER-USER rule 1/);
	shown.press('G');
	await shown.waitFor(/▸· +the answer[\s\S]*blocked at hop 5: dropped by[\s\S]*As explained/);
});

test('with ASCII alone, the bars too', async ({open}) => {
	const shown = await demo(open, 'www:80 from lan', {columns: 80, rows: 24}, '--ascii');
	shown.press('t');
	await shown.waitFor(/\+ delivered, as explained/);
	await shown.waitFor(/recorded 20/);
	expect(shown.screen().filter(line => /[^\x20-\x7e]/.test(line))).toEqual([]);
	expect(shown.screen().join('\n')).toMatch(/\+ 10 +httpd .* #+\|? +first byte after/);
});

test('a request of which the demo holds no trace: which it holds', async ({open}) => {
	const shown = await demo(open, 'web:80 from lan', {columns: 80, rows: 24});
	shown.press('t');
	await shown.waitFor(/No trace[\s\S]*the recording holds no trace of this request; it holds lan → [\s\S]*app → web:80/);
});

test('Q leaves the trace in the scrollback', async ({open}) => {
	const shown = await demo(open, 'www:80 from lan');
	shown.press('t');
	await shown.waitFor(/✓ delivered, as explained/);
	shown.press('Q');
	expect(await shown.ended()).toBe(0);
	expect(shown.screen()[0]).toMatch(/^trace of lan → www:80/);
	expect(shown.screen()).toContain('As explained.');
});
