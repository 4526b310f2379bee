import {faultsLike} from '../test/faults/all.ts';
import {type FaultCase, run} from '../test/faults/fault.ts';
import type {EngineName} from '../test/lab/engines.ts';
import {type Lab, startLab} from '../test/lab/lab.ts';
import {sceneHundred} from '../test/lab/scene-hundred.ts';
import {sceneSix} from '../test/lab/scene-six.ts';

/** What a standing lab may be filled with: nothing, the scene of the tests, or that scene with a fault in it. */
export type Filling = {kind: 'empty'} | {kind: 'scene'; name: string} | {kind: 'fault'; fault: FaultCase};

const scenes: Readonly<Record<string, (lab: Lab) => Promise<void>>> = {six: sceneSix, hundred: sceneHundred};

/** A scene's name, or a fault by the id of its finding or by words of its name; a sentence where that is none or several. */
export function fillingNamed(words: string): Filling | string {
	if (Object.hasOwn(scenes, words)) return {kind: 'scene', name: words};
	const [fault, ...others] = faultsLike(words);
	if (!fault)
		return `no scenario "${words}": there is ${Object.keys(scenes).join(' and ')} (healthy), and every name and finding of docs/faults.md`;
	if (others.length > 0) return `several faults fit "${words}": ${[fault, ...others].map(({name}) => name).join('; ')}`;
	return {kind: 'fault', fault};
}

/** Starts a lab that stays until it is taken down, and gives what a person has to know of it, in lines. */
export async function standLab(engine: EngineName, name: string, filling: Filling): Promise<string[]> {
	const lab = await startLab({engine, name, standing: true});
	if (filling.kind === 'scene') await scenes[filling.name]?.(lab);
	if (filling.kind === 'fault') {
		await sceneSix(lab);
		await run(lab, 'quiet', '--network', 'appnet', 'busybox', 'sleep', '3600');
		await filling.fault.make(lab);
	}
	return [
		`lab ${name}: engine ${lab.version}, host ${lab.address.host}, LAN client ${lab.address.lan}`,
		...(filling.kind === 'fault' ? [`  the fault in it:  ${filling.fault.name} (${filling.fault.id})`] : []),
		`  on the host:  DOCKER_HOST=unix://${lab.socket} nsenter --net=${lab.netns} bash`,
		`  on the LAN:   nsenter --net=${lab.lanNetns} bash`,
		...(filling.kind === 'empty' ? [] : [`  to look at it, on the host:  npm start -- ${lookWords(filling)}`]),
		`  to end it:    node scripts/lab.ts down ${name}`,
	];
}

function lookWords(filling: Filling): string {
	if (filling.kind !== 'fault') return '';
	const {flow, doctor} = filling.fault;
	return flow ? `flow ${flow.join(' ')}` : ['doctor', ...(doctor ?? [])].join(' ');
}
