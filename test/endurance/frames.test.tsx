import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {expect, test} from 'vitest';
import {App} from '../../source/ui/app.js';
import {createStore} from '../../source/ui/store.js';
import {explorerOn} from '../ui/pressing.js';
import {renderAt} from '../ui/render-at.js';
import {often, report} from './form.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test(
	'memory stays flat over thousands of frames',
	async () => {
		const store = createStore(explorerOn());
		const {columns, rows} = store.state().size;
		const look = {ascii: false, color: true};
		const screen = await renderAt(columns, rows, <App store={store} look={look} family={null} carryOut={() => {}} />);
		const heapAfter = async (count: number) => {
			for (let index = 0; index < count; index++) {
				store.dispatch({type: 'moved', move: index % 12 < 6 ? 'down' : 'up'});
				await new Promise(resolve => setImmediate(resolve));
			}
			collectGarbage();
			return process.memoryUsage().heapUsed;
		};
		// What is compiled and kept once is there after the first of them.
		const before = await heapAfter(500);
		const frames = often(1500, 20_000);
		const grown = (await heapAfter(frames)) - before;
		screen.unmount();
		report(`${frames} frames: ${Math.round(grown / 1024)} KiB more in the heap`);
		// 2 KiB per frame would be a leak.
		expect(grown).toBeLessThan(frames * 2 * 1024);
	},
	often(300_000, 1_800_000),
);
