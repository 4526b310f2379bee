import type {BenchHost} from './bench-host.ts';
import {countRequests} from './bench-requests.ts';
import {openScreen, type Screen} from './bench-screen.ts';
import {median} from './bench-times.ts';
import type {Tool} from './bench-tools.ts';

/** What arrow keys cost: the most bytes of one of them, and the medians of the times to the first and the last byte. */
export interface KeyCost {
	bytes: number;
	firstMs: number;
	lastMs: number;
}

export interface ScreenCost {
	keys: Record<string, KeyCost>;
	idle: {bytes: number; core: number; requests: number};
	/** Requests at the start, by kind: "/containers/ID/json" → how often. */
	atStart: Map<string, number>;
	megabytes: number;
}

/** Steps through dockhop's panes at 120×40 (the container c001 publishes a port), then leaves it alone for 20 s. */
export async function measureExplorer(host: BenchHost, tool: Tool): Promise<ScreenCost> {
	return measure(host, tool, async screen => {
		await screen.press('2');
		const list = await arrows(screen, 10);
		await screen.press(':');
		await screen.press('c001:80 from lan\r');
		await screen.shows(/✓ delivered/);
		await screen.quiet();
		const flow = await arrows(screen, 8);
		await screen.press('o');
		const menu = await arrows(screen, 4);
		await screen.press('\u001b');
		return {'in a list': list, 'in the flow': flow, 'in a menu': menu, 'in a list that nothing follows': await alone(host, tool)};
	});
}

/** The same of another tool: ten arrow keys in the list that it starts with. */
export async function measureOther(host: BenchHost, tool: Tool): Promise<ScreenCost> {
	return measure(host, tool, async screen => ({'in a list': await arrows(screen, 10)}));
}

async function measure(host: BenchHost, {argv}: Tool, press: (screen: Screen) => Promise<ScreenCost['keys']>): Promise<ScreenCost> {
	const counter = await countRequests(host);
	const screen = openScreen(host.argv(argv, counter.socket));
	try {
		await screen.shows(host.aName);
		await screen.quiet(1500);
		const atStart = counter.taken();
		const keys = await press(screen);
		await screen.quiet(1500);
		counter.taken();
		const {bytes, core} = await screen.idle(20_000);
		const requests = [...counter.taken().values()].reduce((sum, count) => sum + count, 0);
		return {keys, idle: {bytes, core, requests}, atStart, megabytes: screen.peakMegabytes()};
	} finally {
		await screen.stop();
		counter.stop();
	}
}

/** Where the box under the lists has no room, nothing follows the cursor of the containers. */
async function alone(host: BenchHost, {argv}: Tool): Promise<KeyCost> {
	const screen = openScreen(host.argv(argv), 120, 31);
	try {
		await screen.shows(host.aName);
		await screen.quiet(1500);
		await screen.press('2');
		return await arrows(screen, 10);
	} finally {
		await screen.stop();
	}
}

async function arrows(screen: Screen, count: number): Promise<KeyCost> {
	const pressed: KeyCost[] = [];
	for (let at = 0; at < count; at++) pressed.push(await screen.press('\u001b[B'));
	// Below the last row a key changes nothing.
	const drawn = pressed.filter(({bytes}) => bytes > 0);
	return {
		bytes: Math.max(...drawn.map(({bytes}) => bytes)),
		firstMs: median(drawn.map(({firstMs}) => firstMs)),
		lastMs: median(drawn.map(({lastMs}) => lastMs)),
	};
}
