import type {Hop} from '../model/index.js';
import {hopDetails} from './hop-details.js';

/** The rules of every hop that has some, in the order met (`flow --rules`): mark, place, text, outcome. */
export function ruleLines(hops: readonly Hop[]): string[] {
	return hops.flatMap((_, index) => {
		const details = hopDetails({hops: [...hops], findings: []}, index);
		if (!details || details.rules.length === 0) return [];
		const rules = details.rules.map(({matched, place, text, outcome, label}) => {
			return `  ${ruleMark(matched)} ${place}  ${text}  [${outcome}]${label ? `  ${label}` : ''}`;
		});
		return ['', details.title, ...rules];
	});
}

function ruleMark(matched: boolean | null): string {
	return matched === null ? '?' : matched ? '▸' : '·';
}
