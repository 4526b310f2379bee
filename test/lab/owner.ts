import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {labsFolder, removeLab} from './remove.ts';

/** Notes whose lab it is: process `pid` keeps it, and without it the lab is a leftover; null: it stands until it is taken down. */
export async function claim(name: string, pid: number | null): Promise<void> {
	await mkdir(labsFolder, {recursive: true});
	const text = pid === null ? 'standing' : `${pid} ${await startOf(pid)}`;
	await writeFile(join(labsFolder, `${name}.owner`), text, {flag: 'wx'});
}

/** Removes the labs whose keeper was killed. */
export async function sweep(): Promise<void> {
	for (const file of await readdir(labsFolder).catch(() => [])) {
		if (!file.endsWith('.owner')) continue;
		const text = await readFile(join(labsFolder, file), 'utf8').catch(() => 'standing');
		const [pid, start] = text.split(' ');
		if (pid !== 'standing' && (await startOf(Number(pid))) !== start) await removeLab(file.slice(0, -'.owner'.length));
	}
}

/** When a process began, in ticks since boot (proc(5), stat field 22); a pid that is used again begins later. Empty: no such process. */
async function startOf(pid: number): Promise<string> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	// The second field is the name in brackets and may hold anything.
	return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
