import {readFile, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {afterAll, describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {useLab} from '../lab/use-lab.ts';
import {type ShownFlow, shownFlows} from '../tour/flows.ts';
import {maskedFlow} from '../tour/masked.ts';
import {sceneFlows} from '../tour/scene-flows.ts';

const file = fileURLToPath(new URL('../../docs/flows.json', import.meta.url));
/** Rule numbers and chains differ between engines: the pages show this one. */
const engine = '28.5';

/** What docs/flows.json holds for each: made anew by `npm run flows`. */
describe.runIf(engines.includes(engine))(`the flows in docs/ are those of engine ${engine}`, () => {
	const lab = useLab({engine}, sceneFlows);
	const seen: object[] = [];

	async function shown({ask, words, driver, make, undo}: ShownFlow): Promise<object> {
		await make?.(lab());
		try {
			const markdown = await lab().dockhop('flow', ...ask, '--format', 'markdown');
			const {hops} = JSON.parse((await lab().dockhop('flow', ...ask, '--json')).stdout) as {hops: {kind: string}[]};
			const lines = maskedFlow(markdown.stdout);
			return {ask: `dockhop flow ${ask.join(' ')}`, words, driver: driver ?? null, kinds: [...new Set(hops.map(({kind}) => kind))], lines};
		} finally {
			await undo?.(lab());
		}
	}

	it.each(shownFlows)('$words', async flow => {
		const now = await shown(flow);
		seen.push(now);
		if (process.env.DOCKHOP_FLOWS === 'write') return;
		const pages: {ask: string}[] = JSON.parse(await readFile(file, 'utf8'));
		expect(now).toEqual(pages.find(({ask}) => ask === `dockhop flow ${flow.ask.join(' ')}`));
	});

	afterAll(async () => {
		if (process.env.DOCKHOP_FLOWS === 'write') await writeFile(file, `${JSON.stringify(seen, null, '\t')}\n`);
	});
});
