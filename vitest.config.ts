import {defineConfig} from 'vitest/config';

/**
 * unit: fast tests without engines (npm test). engine: real engines, as root (npm run test:engine), one file at a time,
 * because each file owns a lab.
 */
export default defineConfig({
	test: {
		projects: [
			{test: {name: 'unit', include: ['test/**/*.test.{ts,tsx}'], exclude: ['test/engine/**', 'test/terminal/**'], testTimeout: 15_000}},
			{test: {name: 'terminal', include: ['test/terminal/**/*.test.ts'], testTimeout: 30_000}},
			{
				test: {
					name: 'engine',
					include: ['test/engine/**/*.test.ts'],
					testTimeout: 120_000,
					hookTimeout: 300_000,
					fileParallelism: false,
				},
			},
		],
	},
});
