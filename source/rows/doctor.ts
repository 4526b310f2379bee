import {otherOrigin} from '../diagnosis/contrast.js';
import type {DoctorFinding, NotChecked} from '../model/index.js';
import {marks} from './marks.js';

interface Examined {
	findings: readonly DoctorFinding[];
	notChecked: readonly NotChecked[];
	/** How many requests were looked at. */
	requests: number;
}

/** The document of `doctor --json` (schema dockhop.doctor/1). */
export function doctorDocument({findings, notChecked, requests}: Examined): object {
	return {schema: 'dockhop.doctor/1', requests, findings, notChecked};
}

/** What doctor found, for people: the worst first, each with what to do and how to see it. */
export function doctorLines({findings, notChecked, requests}: Examined): string[] {
	const looked = `${requests} ${requests === 1 ? 'request' : 'requests'} looked at`;
	const serious = findings.filter(({severity}) => severity !== 'info').length;
	return [
		...findings.flatMap(findingLines),
		...notChecked.map(({why, tell}) => ` ${marks.undetermined} not checked: ${why}${tell ? `  To know: ${tell}` : ''}`),
		serious === 0
			? `nothing wrong was found${notChecked.length > 0 ? ' in what could be checked' : ''} (${looked})`
			: `${serious} ${serious === 1 ? 'finding' : 'findings'} (${looked})`,
	];
}

function findingLines({id, severity, summary, remedy, evidence, requests}: DoctorFinding): string[] {
	const mark = severity === 'info' ? marks.notReached : marks.blocks;
	const command = evidence.find(fact => fact.command !== '')?.command;
	const [first, ...others] = requests;
	const arrives = evidence.filter(({source}) => source === otherOrigin).map(({fact, command: same}) => `${fact}: ${same}`);
	return [
		` ${mark} ${severity}: ${summary}  [${id}]`,
		...(remedy ? [`     to do: ${remedy}`] : []),
		...(command ? [`     see it: ${command}`] : []),
		...(first ? [`     on the way: dockhop flow ${first}${others.length > 0 ? `, and ${others.length} more` : ''}`] : []),
		...arrives.map(fact => `     but ${fact}`),
		'',
	];
}
