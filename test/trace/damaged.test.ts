import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {conntrackLine} from '../../source/trace/conntrack.js';
import {nftTrace} from '../../source/trace/nft-trace.js';
import {runs} from '../runs.js';

/** Lines of programs that were cut, mixed up or overwritten: nothing, or values that may reach a terminal. */
const parsers: [name: string, file: string, parse: (line: string) => unknown][] = [
	['conntrack', 'conntrack-1.4.7.txt', line => conntrackLine(line, 'host')],
	[
		'nft monitor trace',
		'nft-1.0.6.txt',
		line => {
			const trace = nftTrace('host', 'dockhop_t1', () => 7);
			for (const one of [...lines('nft-1.0.6.txt').slice(0, 4), line]) trace.line(one);
			return trace.passes;
		},
	],
];

function lines(file: string): string[] {
	return readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8')
		.trimEnd()
		.split('\n');
}

test.each(parsers)('%s', (_, file, parse) => {
	const real = fc.constantFrom(...lines(file));
	const damaged = fc
		.tuple(
			real,
			fc.nat(300),
			fc.nat(40),
			fc.oneof(fc.string({unit: 'binary', maxLength: 8}), fc.constantFrom('\u001b[2J', '(', ' > ', '0'.repeat(400))),
		)
		.map(([line, at, length, patch]) => line.slice(0, at) + patch + line.slice(at + length));
	fc.assert(
		fc.property(
			fc.oneof(
				damaged,
				fc.tuple(real, fc.nat(300)).map(([line, at]) => line.slice(0, at)),
				fc.string({unit: 'binary'}),
			),
			line => {
				const value = parse(line.replaceAll('\n', ' '));
				expect(JSON.stringify(value) ?? '').not.toMatch(/[\p{Cc}\p{Cf}]|\\u00[01]/u);
			},
		),
		{numRuns: runs(150)},
	);
});
