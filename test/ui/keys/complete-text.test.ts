import {describe, expect, test} from 'vitest';
import type {State} from '../../../source/ui/state/state.js';
import {explorerOn, press} from '../pressing.js';

const start = explorerOn();

/** The line of `:` after these keys, and what is told beside it. */
function line(...keys: string[]): {value: string; error: string | null} {
	const {mode} = press(start, ':', ...keys).state;
	if (mode.kind !== 'text') throw new Error(`no line is typed: ${mode.kind}`);
	return {value: mode.field.value, error: mode.error};
}

describe('tab in the line of `:`', () => {
	test.each([
		[['o', 'tab'], 'other '],
		[['o', 'tab', 'tab', 'a', 'tab'], 'other from app'],
		[['o', 'tab', 'tab', 'l', 'tab'], 'other from l'],
		[['o', 'tab', 'tab', 'l', 'a', 'tab'], 'other from lan'],
		[[...'www:', 'tab'], 'www:80 '],
		[[':', '8', '1', 'tab'], ':8181 '],
		[[':', 'tab'], ':8'],
		[['w', 'tab'], 'w'],
	])('%j: "%s"', (keys, value) => {
		expect(line(...keys).value).toBe(value);
	});

	test('where several may be meant, they are told; the next key takes that away', () => {
		expect(line('w', 'tab').error).toBe('web  www');
		expect(line('w', 'tab', 'e')).toEqual({value: 'we', error: null});
	});

	test('where nothing is meant, or the caret stands within, nothing changes', () => {
		expect(line('z', 'tab')).toEqual({value: 'z', error: 'nothing begins like that'});
		expect(line('o', 'left', 'tab')).toEqual({value: 'o', error: null});
		expect(line(...'other from app', 'tab').value).toBe('other from app');
		expect(line(...'other by ', 'tab').value).toBe('other by ');
	});

	test('in a filter tab is no completion', () => {
		const {mode} = press(start, '/', 'w', 'tab').state as State;
		expect(mode).toMatchObject({kind: 'text', purpose: 'filter', field: {value: 'w'}});
	});
});
