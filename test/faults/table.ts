import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestProject} from 'vitest/node';

declare module 'vitest' {
	interface ProvidedContext {
		/** Folder in which the test files note what they found. */
		faultResults: string;
	}
}

/**
 * Prints the table fault × engine when all files are done, and writes it between the marks of the file DOCKHOP_FAULT_TABLE where that is set
 * (docs/faults.md).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const folder = await mkdtemp(join(tmpdir(), 'dockhop-faults-'));
	project.provide('faultResults', folder);
	return async () => {
		const text = await readFile(join(folder, 'results'), 'utf8').catch(() => '');
		await rm(folder, {recursive: true, force: true});
		const table = tableOf(text.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line)])));
		console.log(table);
		const file = process.env.DOCKHOP_FAULT_TABLE;
		if (!file) return;
		const before = await readFile(file, 'utf8');
		await writeFile(
			file,
			before.replace(/(?<=<!-- table -->\n)[\s\S]*(?=<!-- \/table -->)/, () => `${table}\n`),
		);
	};
}

interface Result {
	engine: string;
	fault: string;
	finding: string;
	result: string;
}

function tableOf(results: Result[]): string {
	const engines = [...new Set(results.map(({engine}) => engine))].toSorted();
	const rows = [...Map.groupBy(results, ({fault}) => fault)].map(([fault, own]) => {
		const last = (engine: string) => own.findLast(one => one.engine === engine)?.result ?? '';
		return {fault, finding: own.at(-1)?.finding ?? '', cells: engines.map(last)};
	});
	const lines = rows.map(({fault, finding, cells}) => `| ${[fault, finding, ...cells].join(' | ')} |`).toSorted();
	const counts = engines.map(engine => rows.filter(({cells}) => /^(found|told)/.test(cells[engines.indexOf(engine)] ?? '')).length);
	return [
		`| fault | finding | ${engines.join(' | ')} |`,
		`|---|---|${engines.map(() => '---|').join('')}`,
		...lines,
		`| **all ${rows.length}** | | ${counts.map(count => `**${count}**`).join(' | ')} |`,
	].join('\n');
}
