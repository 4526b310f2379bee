import {fileURLToPath} from 'node:url';
import {expect} from 'vitest';
import {type Open, test} from './opened.js';
import type {Program} from './program.js';

const recording = fileURLToPath(new URL('../recordings/six-28.json', import.meta.url));
async function explorer(open: Open, rows = 40): Promise<Program> {
	const program = open(['--replay', recording], {rows});
	await program.waitFor('172.18.0.0/16');
	await program.settled();
	return program;
}

test('nothing is written while nothing changes', async ({open}) => {
	const shown = await explorer(open);
	await new Promise(resolve => setTimeout(resolve, 1500));
	expect(await shown.settled()).toBe(0);
});

test('an arrow key in a list that others follow', async ({open}) => {
	const shown = await explorer(open);
	for (const name of ['appnet', 'bridge', 'host', 'none']) {
		shown.press('down');
		await shown.waitFor(`▸ ${name}`);
		const bytes = await shown.settled();
		expect(bytes, name).toBeLessThanOrEqual(2100);
	}
});

test('an arrow key in the flow', async ({open}) => {
	const shown = await explorer(open);
	shown.press(':', 'web:80 from lan', 'enter');
	await shown.waitFor(/▸✓ +1 /);
	await shown.settled();
	const steps: number[] = [];
	for (let hop = 2; hop < 10; hop++) {
		shown.press('down');
		await shown.waitFor(new RegExp(`▸✓ +${hop} .*[\\s\\S]*Hop ${hop} `));
		steps.push(await shown.settled());
	}
	expect(Math.max(...steps), steps.join(' ')).toBeLessThanOrEqual(1100);
});

test('an arrow key where nothing follows', async ({open}) => {
	const shown = await explorer(open, 31);
	shown.press('2');
	await shown.waitFor('┏━ 2 Containers');
	await shown.settled();
	// Rows that stand beside a horizontal line of the other column cost more: its characters take three bytes each.
	shown.press('down', 'down', 'down');
	await shown.waitFor('▸✓ hosty');
	await shown.settled();
	for (const name of ['app', 'web', 'www']) {
		shown.press('down');
		await shown.waitFor(`▸✓ ${name}`);
		expect(await shown.settled(), name).toBeLessThanOrEqual(450);
	}
});

test('a key that changes nothing writes nothing', async ({open}) => {
	const shown = await explorer(open);
	shown.press('up', 'z');
	expect(await shown.settled()).toBe(0);
});
