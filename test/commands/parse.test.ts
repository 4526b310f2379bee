import {expect, test} from 'vitest';
import {commands} from '../../source/commands/index.js';
import {parse} from '../../source/commands/parse.js';

const read = (...argv: string[]) => parse(argv, commands, '1.2.3');

test('global options stand before or behind the command', () => {
	const options = {
		host: 'unix:///x.sock',
		context: null,
		demo: false,
		replay: null,
		format: 'json',
		timeoutSeconds: 0.5,
		family: 6,
		color: false,
		ascii: true,
	};
	const words = ['--host', 'unix:///x.sock', '--json', '--timeout', '0.5', '-6', '--no-color', '--ascii'];
	expect(read(...words, 'networks')).toMatchObject({kind: 'command', command: {name: 'networks'}, options});
	expect(read('networks', ...words)).toMatchObject({kind: 'command', command: {name: 'networks'}, options});
});

test('without a command it is the explorer', () => {
	expect(read()).toMatchObject({kind: 'explorer', options: {demo: false, format: 'table', timeoutSeconds: 5, family: null, color: true}});
	expect(read('--demo')).toMatchObject({kind: 'explorer', options: {demo: true}});
});

test('a command gets its arguments and its own options', () => {
	expect(read('flow', ':8080', '--from', 'lan', '--process-first')).toMatchObject({
		arguments: [':8080'],
		own: {from: 'lan', processFirst: true},
	});
	expect(read('flow', 'web:80', '-4')).toMatchObject({arguments: ['web:80'], options: {family: 4}});
});

test.each([
	[['tracert', 'web'], "unknown command 'tracert'"],
	[['flwo', 'web'], "unknown command 'flwo' (did you mean flow?)"],
	[['help', 'nonsense'], "unknown command 'nonsense'"],
	[['flow', 'web', '--form', 'lan'], "unknown option '--form' (did you mean --from?)"],
	[['flow'], "missing required argument 'TARGET'"],
	[['flow', 'a', 'b'], "too many arguments for 'flow'. Expected 1 argument but got 2: a, b"],
	[['networks', 'extra'], "too many arguments for 'networks'. Expected 0 arguments but got 1: extra"],
	[['--nonsense'], "unknown option '--nonsense'"],
	[['networks', '--from', 'lan'], "unknown option '--from'"],
	[['flow', 'web', '--from'], "option '--from <ORIGIN>' argument missing"],
	[['networks', '-4', '-6'], '-4 and -6 exclude each other: give one of them'],
	[['networks', '--json', '--format', 'markdown'], '--json and --format markdown exclude each other: give one of them'],
	[['networks', '--demo', '--replay', 'x'], '--demo and --replay exclude each other: give one of them'],
	[['networks', '--timeout', '0'], 'It is a number of seconds from 0.1 to 3600'],
	[['networks', '--timeout', '1e3'], 'It is a number of seconds from 0.1 to 3600'],
	[['networks', '--timeout', '3601'], 'It is a number of seconds from 0.1 to 3600'],
	[['networks', '--format', 'xml'], 'Allowed choices are table, markdown, json'],
	[['networks', '--host', ''], 'It is empty'],
	[['--json'], '--json and --format need a command'],
])('%j is wrong usage: one line, exit code 2', (argv, what) => {
	const said = read(...argv);
	expect(said).toMatchObject({kind: 'said', stdout: '', code: 2, stderr: expect.stringContaining(what)});
	expect(said.kind === 'said' && said.stderr).toMatch(/^dockhop: [^\n]+; see dockhop --help\n$/);
});

test('help and version go to stdout', () => {
	expect(read('--version')).toEqual({kind: 'said', stdout: '1.2.3\n', stderr: '', code: 0});
	const help = read('--help');
	for (const {name} of commands.filter(({hidden}) => !hidden)) expect(help.kind === 'said' && help.stdout).toContain(`\n  ${name}`);
	expect(help.kind === 'said' && help.stdout).not.toMatch(/^ {2}complete /m);
	expect(read('flow', '--help')).toMatchObject({stdout: expect.stringContaining('--process-first'), code: 0});
	expect(read('help')).toEqual(help);
	for (const {name} of commands) expect(read('help', name)).toEqual(read(name, '--help'));
});
