import {describe, expect, it} from 'vitest';
import {run} from '../../source/process/run.js';

describe('run', () => {
	it('gives what was printed and the exit code', async () => {
		expect(await run(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({
			stdout: 'out\n',
			stderr: 'err\n',
			code: 3,
			signal: null,
			failure: null,
		});
	});

	it('hands stdin over', async () => {
		expect((await run(['cat'], {stdin: 'text'})).stdout).toBe('text');
	});

	it.each([
		['a missing program', ['dockhop-no-such-program'], {}, 'ENOENT'],
		['one that does not end', ['sleep', '20'], {timeoutMs: 50}, 'TIMEOUT'],
		['one that prints too much', ['yes'], {maxBytes: 1000}, 'TOO-LONG'],
		['one that is given up', ['sleep', '20'], {signal: AbortSignal.timeout(50)}, 'ABORTED'],
	])('%s is a value', async (_what, argv, options, failure) => {
		expect(await run(argv, options)).toMatchObject({code: null, signal: null, failure});
	});

	it('says which signal ended the program', async () => {
		expect(await run(['sh', '-c', 'kill -TERM $$'])).toMatchObject({code: null, signal: 'SIGTERM', failure: null});
	});
});
