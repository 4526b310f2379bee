import {describe, expect, it} from 'vitest';
import {type EngineName, engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {type Doctor, type Flow, flow, isCommand, note, why} from './ask.ts';
import {detours} from './detours.ts';
import {type Mischief, mischiefs, namesOfLab} from './mischief.ts';
import {settingFaults} from './settings.ts';

/** Faults that have no name, on one engine: what dockhop says is held against what the real request does. */
export function unnamedFaults(engine: EngineName): void {
	describe.runIf(engines.includes(engine))(`faults without a name on engine ${engine}`, () => {
		const lab = useLab({engine}, sceneSix);

		it.each([...mischiefs, ...detours].filter(({not}) => !not?.includes(engine)))('$name', async fault => {
			await note(engine, fault.name, '', 'wrong');
			const names = await namesOfLab(lab());
			const asked = {...fault, flow: fault.flow.map(word => filled(word, names)), url: filled(fault.real[1], names)};
			await lab().host(['sh', '-c', fault.make], {env: names});
			try {
				const [path, arrives] = await Promise.all([flow(lab(), asked.flow), reallyArrives(lab(), fault, asked.url, '1')]);
				const told = await judged(lab(), asked, path, arrives);
				const own = path.findings.find(({severity}) => severity === 'error');
				const remedied = own && isCommand(own.remedy);
				if (remedied) {
					await lab().host(['sh', '-c', own.remedy]);
					expect(await reallyArrives(lab(), fault, asked.url, '8'), why(path)).toBe(true);
				}
				await note(engine, fault.name, own?.id ?? '', remedied ? `${told}, and the remedy works` : told);
			} finally {
				await lab().host(['sh', '-c', fault.undo], {env: names, mayFail: true});
			}
			const url = filled(fault.real[1], fault.real[1].includes('$') ? await namesOfLab(lab()) : {});
			expect(await reallyArrives(lab(), fault, url, '8')).toBe(true);
		});

		settingFaults(lab, engine);
	});
}

/** What dockhop says agrees with what happened, at the right kind of hop; gives the word for the table. */
async function judged(lab: Lab, fault: Mischief, path: Flow, arrives: boolean): Promise<string> {
	if (fault.unseen === 'undetermined' && !(path.verdict === 'blocked' && fault.at && !arrives)) {
		expect(path.verdict, why(path)).toBe('undetermined');
		return 'told that it cannot be told';
	}
	if (fault.unseen === 'probe') {
		expect(arrives).toBe(false);
		const ran = await lab.dockhop('doctor', ...fault.flow.slice(0, 1), '--probe', '--timeout', '2', '--json');
		const {findings}: Doctor = JSON.parse(ran.stdout);
		expect(findings.map(({id}) => id)).toContain('not-as-explained');
		return 'found by a request (--probe)';
	}
	expect(arrives, why(path)).toBe(fault.at === undefined);
	expect(path.verdict, why(path)).toBe(arrives ? 'delivered' : 'blocked');
	if (arrives) return 'told that it arrives';
	const stops = path.hops[path.blockedAt ?? -1];
	// An answer stops on its own way back; the request's hop is the last that it passed.
	if (path.lost === 'request') expect(fault.at, why(path)).toContain(stops?.kind);
	expect(path.findings[0]?.severity, why(path)).toBe('error');
	return 'found';
}

async function reallyArrives(lab: Lab, {real: [from]}: Mischief, url: string, seconds: string): Promise<boolean> {
	const curl = ['curl', '-sS', '-m', seconds, '-o', '/dev/null', url];
	const ran =
		from === 'lan'
			? await lab.lan(curl, {mayFail: true})
			: await lab.host(from === 'host' ? curl : ['docker', 'exec', from, ...curl], {mayFail: true});
	return ran.code === 0;
}

function filled(text: string, names: Record<string, string>): string {
	return text.replace(/\$(\w+)/g, (_, name: string) => names[name] ?? '');
}
