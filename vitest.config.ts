import {defineConfig} from 'vitest/config';

/** Real programs, kernels and engines share the machine with everything else: a test of them that fails is asked once more, and says so. */
const retry = 1;

/**
 * unit: fast tests without engines (npm test). kernel: the walk held against the kernel, as root (npm run test:kernel). engine: real engines, as root (npm run test:engine), each
 * file with labs of its own. faults: every fault that a lab can have, made, found, mended, a lab for each file (npm run test:faults). install: the package from the registry's side and the one executable (npm run test:install).
 * endurance: storms, losses, kills and hostile text, counted (npm run test:endurance).
 */
export default defineConfig({
	test: {
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
					testTimeout: 15_000,
				},
			},
			{test: {name: 'terminal', include: ['test/terminal/**/*.test.ts'], testTimeout: 30_000, retry}},
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
					include: ['test/endurance/**/*.test.ts'],
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
