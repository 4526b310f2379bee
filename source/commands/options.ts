import {InvalidArgumentError} from 'commander';
import type {OptionWords} from './command.js';

export type Format = 'table' | 'markdown' | 'json';

/** Options that every command and the explorer take. */
export interface GlobalOptions {
	/** Engine's URL; null: as the environment says. */
	host: string | null;
	/** Docker context; null: the current one. */
	context: string | null;
	demo: boolean;
	/** A recording's file; null: a live host. */
	replay: string | null;
	/** The kernel is read through a privileged container of this image; null: by this process. */
	helper: string | null;
	format: Format;
	/** For a probe, in seconds. */
	timeoutSeconds: number;
	/** -4 or -6; null: as the origin would choose. */
	family: 4 | 6 | null;
	/** False: no colours, whatever the terminal can do. */
	color: boolean;
	ascii: boolean;
	/** False: nothing moves on the screen by itself. */
	motion: boolean;
}

const formats: readonly Format[] = ['table', 'markdown', 'json'];

/** Their flags, in the order of the help. */
export const globalOptionWords: (OptionWords & {parse?: (text: string) => unknown})[] = [
	{flags: '--host <URL>', words: 'ask the engine at this URL (unix://, tcp://, ssh://)', parse: notEmpty},
	{flags: '--context <NAME>', words: 'ask the engine of this Docker context', parse: notEmpty},
	{flags: '--demo', words: 'look at the bundled recording; nothing on this host is read'},
	{flags: '--replay <FILE>', words: 'look at a recording that `dockhop record` wrote', parse: notEmpty, offers: 'files'},
	{flags: '--helper <IMAGE>', words: 'without root: read the kernel through a privileged container of this image', parse: notEmpty},
	{flags: '--json', words: 'the same as --format json'},
	{flags: '--format <FORMAT>', words: 'table (default), markdown or json', values: formats},
	{flags: '--timeout <SECONDS>', words: 'time limit of a request, 0.1 to 3600 (default 5)', parse: seconds},
	{flags: '-4', words: 'ask over IPv4'},
	{flags: '-6', words: 'ask over IPv6'},
	{flags: '--no-color', words: 'no colours'},
	{flags: '--ascii', words: 'draw with ASCII characters only'},
	{flags: '--no-motion', words: 'a traced request does not travel the screen: its facts stand there at once'},
];

/** What commander gathered → options; a sentence where they contradict each other. */
export function globalOptions(given: Record<string, unknown>): GlobalOptions | string {
	const clash = exclusive.find(([one, other]) => given[one] && given[other]);
	if (clash) return `${flagOf(clash[0])} and ${flagOf(clash[1])} exclude each other: give one of them`;
	if (given.json && given.format && given.format !== 'json')
		return `--json and --format ${given.format} exclude each other: give one of them`;
	return {
		host: (given.host as string) ?? null,
		context: (given.context as string) ?? null,
		demo: given.demo === true,
		replay: (given.replay as string) ?? null,
		helper: (given.helper as string) ?? null,
		format: given.json ? 'json' : ((given.format as Format) ?? 'table'),
		timeoutSeconds: (given.timeout as number) ?? 5,
		family: given['4'] ? 4 : given['6'] ? 6 : null,
		color: given.color !== false,
		ascii: given.ascii === true,
		motion: given.motion !== false,
	};
}

function flagOf(name: string): string {
	return name.length === 1 ? `-${name}` : `--${name}`;
}

function seconds(text: string): number {
	const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
	if (!(value >= 0.1 && value <= 3600)) throw new InvalidArgumentError('It is a number of seconds from 0.1 to 3600.');
	return value;
}

function notEmpty(text: string): string {
	if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
	return text;
}

const exclusive: readonly [string, string][] = [
	['4', '6'],
	['host', 'context'],
	['demo', 'replay'],
	['demo', 'host'],
	['demo', 'context'],
	['replay', 'host'],
	['replay', 'context'],
	['demo', 'helper'],
	['replay', 'helper'],
];
