import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {plainTable} from '../../source/rows/plain.js';
import {probeCells, probeColumns} from '../../source/rows/probes.js';
import {plan} from '../probe/plan.js';

const why = 'Failed to connect to the server after 3003 ms: could not connect, and so on, as long as curl likes';
const asked = plan({scheme: 'http', host: '127.0.0.1', port: 8080});

function shown(width: number): string[] {
	const row = {id: '1', verdict: 'blocks' as const, ...probeCells(asked, '22:14:03', 'host', ['ECONNREFUSED', '1.3 ms', why])};
	return plainTable({columns: probeColumns, rows: [row]}, width);
}

test('what else was said gives way before the request', () => {
	expect(shown(80)[1]).toMatch(/^ ✗ 22:14:03 {2}host → http:\/\/127\.0\.0\.1:8080\/ {2}ECONNREFUSED {2}1\.3 ms {2}Failed … likes$/);
});

test('where there is no room for the request, its address and port are left whole', () => {
	for (const width of [70, 66, 62]) {
		expect(shown(width)[1]).toMatch(/(?<!\S)(host → http:\/\/)?127\.0\.0\.1:8080\/? {2,}ECONNREFUSED {2}1\.3 ms/);
		expect(stringWidth(shown(width)[1] ?? '')).toBeLessThanOrEqual(width);
	}
});
