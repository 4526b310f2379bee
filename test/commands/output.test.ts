import {PassThrough} from 'node:stream';
import {expect, test} from 'vitest';
import {jsonText, standardOutput} from '../../source/commands/output.js';

/** What is written to a terminal (or a pipe) with these options and this environment. */
function written(options: {color: boolean; ascii: boolean}, isTTY: boolean, env: NodeJS.ProcessEnv, line: string): string {
	const stdout = Object.assign(new PassThrough(), {isTTY, columns: 80});
	standardOutput(options, {stdout, stderr: new PassThrough(), env} as never).lines([line]);
	return String(stdout.read());
}

const plain = {color: true, ascii: false};
const row = ' ✗  5  host';

test('colour only repeats the mark, and only on a terminal that wants it', () => {
	expect(written(plain, true, {TERM: 'xterm'}, row)).toBe(' \x1b[31m✗\x1b[39m  5  host\n');
	expect(written(plain, true, {TERM: 'xterm'}, 'a title')).toBe('a title\n');
	expect(written(plain, false, {TERM: 'xterm'}, row)).toBe(`${row}\n`);
	expect(written(plain, true, {TERM: 'dumb'}, row)).toBe(`${row}\n`);
	expect(written(plain, true, {TERM: 'xterm', NO_COLOR: '1'}, row)).toBe(`${row}\n`);
	expect(written({...plain, color: false}, true, {TERM: 'xterm'}, row)).toBe(`${row}\n`);
	expect(written({color: true, ascii: true}, true, {TERM: 'xterm'}, row)).toBe(' \x1b[31mx\x1b[39m  5  host\n');
});

test('a disagreement of a trace is red, and in capitals where there is no colour', () => {
	const line = 'NOT AS EXPLAINED: the explanation was "delivered"';
	expect(written(plain, true, {TERM: 'xterm'}, line)).toBe(`\x1b[31m${line}\x1b[39m\n`);
	expect(written(plain, true, {TERM: 'xterm', NO_COLOR: '1'}, line)).toBe(`${line}\n`);
});

test('a terminal whose locale has no UTF-8 gets ASCII unasked; a pipe gets what it is', () => {
	expect(written(plain, true, {TERM: 'dumb', LANG: 'C'}, row)).toBe(' x  5  host\n');
	expect(written(plain, true, {TERM: 'dumb', LANG: 'C', LC_ALL: 'C.UTF-8'}, row)).toBe(`${row}\n`);
	expect(written(plain, false, {LANG: 'C'}, row)).toBe(`${row}\n`);
});

test('tables are cut to the width of a terminal that knows it', () => {
	const width = (isTTY: boolean, columns: number) =>
		standardOutput(plain, {stdout: Object.assign(new PassThrough(), {isTTY, columns}), stderr: new PassThrough(), env: {}} as never).width;
	expect([width(true, 80), width(true, 0), width(false, 80)]).toEqual([80, null, null]);
});

test('no control character reaches the terminal, whatever let it in', () => {
	expect(written(plain, true, {}, 'na\x1b]0;x\x07me\u202e')).toBe('na�]0;x�me�\n');
});

test('JSON keeps its meaning and holds nothing that a terminal obeys', () => {
	const value = {name: 'a\x1b[31m\x9b\u202e\u{e0041}\u2028é'};
	const text = jsonText(value);
	expect(JSON.parse(text)).toEqual(value);
	expect(text).toMatch(/^[\n\x20-\x7eé]*$/);
});
