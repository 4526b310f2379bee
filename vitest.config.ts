import {availableParallelism} from 'node:os';
import {defineConfig} from 'vitest/config';

/** Real programs, kernels and engines share the machine with everything else: a test of them that fails is asked twice more, and says so. */
const retry = 2;

/**
 * The fast tests: many small files, so that loading the same modules anew for each of them would cost more than all that they test. Their threads
 * keep what they loaded. There are more of them than processors: some files wait for programs and timers. The limits of time are for what hangs; a
 * machine that does much else must not meet them.
 */
const fast = {pool: 'threads', isolate: false, maxWorkers: 2 * availableParallelism(), testTimeout: 120_000, hookTimeout: 120_000} as const;

/**
 * unit: fast tests without engines (npm test). kernel: the walk held against the kernel, as root (npm run test:kernel). engine: real engines, as root (npm run test:engine), each
 * file with labs of its own. faults: every fault that a lab can have, made, found, mended, a lab for each file (npm run test:faults). install: the package from the registry's side and the one executable (npm run test:install).
 * endurance: storms, losses, kills and hostile text, counted (npm run test:endurance).
 */
export default defineConfig({
	test: {
		reporters: ['./test/cost.ts', 'default'],
		projects: [
			{
				test: {
					name: 'unit',
					include: ['test/**/*.test.{ts,tsx}'],
					exclude: [
						'test/engine/**',
						'test/terminal/**',
						'test/netfilter/kernel/**',
						'test/faults/**',
						'test/install/**',
						'test/endurance/**',
					],
					...fast,
				},
			},
			// The binding of the pseudo-terminals ends its whole process where a thread is taken away from under it: processes of their own.
			{test: {name: 'terminal', include: ['test/terminal/**/*.test.ts'], sequence: {concurrent: true}, ...fast, pool: 'forks', retry}},
			{test: {name: 'kernel', include: ['test/netfilter/kernel/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, retry}},
			{
				test: {
					name: 'engine',
					include: ['test/engine/**/*.test.ts'],
					testTimeout: 120_000,
					hookTimeout: 300_000,
					retry,
				},
			},
			{
				test: {
					name: 'faults',
					include: ['test/faults/**/*.test.ts'],
					globalSetup: ['test/faults/table.ts'],
					testTimeout: 60_000,
					hookTimeout: 300_000,
					retry,
				},
			},
			{
				test: {
					name: 'endurance',
					include: ['test/endurance/**/*.test.{ts,tsx}'],
					testTimeout: 120_000,
					hookTimeout: 300_000,
					fileParallelism: false,
					disableConsoleIntercept: true,
				},
			},
			{
				test: {
					name: 'install',
					include: ['test/install/**/*.test.ts'],
					testTimeout: 60_000,
					hookTimeout: 300_000,
					fileParallelism: false,
					retry,
				},
			},
		],
	},
});
