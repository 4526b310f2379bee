import {expect} from 'vitest';
import type {Lab} from '../lab/lab.ts';
import {enter} from '../lab/namespaces.ts';
import {type Program, type Settings, start} from '../terminal/program.ts';

/** The explorer in a pseudo-terminal on the lab's host, once it has read the engine and the kernel. */
export async function explorerOn(lab: Lab, settings: Settings = {}): Promise<Program> {
	const shown = startOn(lab, [], settings);
	await ready(shown);
	return shown;
}

/** The explorer has read the engine and the kernel. */
export function ready(shown: Program): Promise<void> {
	return shown.waitFor(/Engine \d.* as root: reads [\s\S]*172\.18\.0\.0\/16/);
}

/** dockhop in a pseudo-terminal on the lab's host. */
export function startOn(lab: Lab, args: readonly string[], {env = {}, under = [], ...settings}: Settings = {}): Program {
	const own = {DOCKER_HOST: `unix://${lab.socket}`, DOCKER_CONTEXT: undefined, PATH: lab.path};
	return start(args, {...settings, env: {...own, ...env}, under: [...enter(lab.netns, []), ...under]});
}

/** Types a request at `:` and waits until its flow is explained. */
export async function goTo(shown: Program, request: string, title: string): Promise<void> {
	shown.press(':', request, 'enter');
	await shown.waitFor(new RegExp(`3 Request flow  ${orCut(title)}[, ].*(delivered|forwarded|blocked|undetermined)`));
}

/** Opens the flow of a container by way of the list, the filter and enter. */
export async function open(shown: Program, name: string, title: string): Promise<void> {
	shown.press('2', '/', name, 'enter');
	await shown.waitFor(new RegExp(`▸✓ ${name} [\\s\\S]*/${name} `));
	shown.press('enter');
	await shown.waitFor(new RegExp(`3 Request flow  ${orCut(title)}[\\s\\S]*▸[✓✗?] +\\d+ `));
}

/** Chooses a line of the menu of requests (`o`) and waits for its flow. */
export async function choose(shown: Program, label: string, title: string): Promise<void> {
	shown.press('o');
	await shown.waitFor(/┏━ Requests to [\s\S]*┃ ▸ /);
	for (let at = cursor(shown); at !== label; at = cursor(shown)) {
		shown.press('down');
		await shown.waitFor(new RegExp(`┃ ▸ (?!${literal(at)} +┃)`));
	}
	shown.press('enter');
	await shown.waitFor(new RegExp(`3 Request flow  ${orCut(title)} .*(delivered|forwarded|blocked|undetermined)`));
}

/** Sends what is shown (or asks right at the hop) and waits until that request, the `count`th of the session, has ended. */
export async function send(shown: Program, key: 'p' | 'P', request: string, result = 'HTTP 200'): Promise<void> {
	if (key === 'p') await shown.waitFor('p sends: ');
	shown.press(key);
	await shown.waitFor(new RegExp(`[✓✗?] +\\d\\d:\\d\\d:\\d\\d  ${orCut(request)} +${result}`));
}

/** The lines in the frame of the pane that has the keys, gaps of any width as two spaces. */
export function pane(shown: Program, title: string): string[] {
	const lines = shown.screen();
	const top = lines.findIndex(line => line.includes(`┏━ ${title}`));
	const [left = 0, right] = ['┏', '┓'].map(corner => (lines[top] ?? '').indexOf(corner));
	const bottom = lines.findIndex((line, at) => at > top && line[left] === '┗');
	const inside = lines.slice(top + 1, bottom).map(line => line.slice(left + 1, right));
	return inside.map(line => line.replace(/ {2,}/g, '  ').trim()).filter(line => line !== '');
}

/** Lines as they must be; "*" stands for what differs from run to run, from engine to engine, or is cut to the width. */
export function like(...lines: string[]): unknown[] {
	return lines.map(line => expect.stringMatching(new RegExp(`^${line.split('*').map(literal).join('.*')}$`)));
}

function cursor(shown: Program): string {
	const line = shown.screen().find(one => /┃ ▸ .*┃/.test(one)) ?? '';
	return (/┃ ▸ (.*?) *┃/.exec(line)?.[1] ?? '').trim();
}

/** The text, or what is left of it where its middle is cut out. */
function orCut(text: string): string {
	return `(${literal(text)}|${literal(text.slice(0, 6))}.*….*${literal(text.slice(-4))})`;
}

function literal(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
