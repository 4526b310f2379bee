import type {Command} from './command.js';

/** `dockhop doctor [TARGET]`: every finding on this host, or on the paths to TARGET. */
export const doctor: Command = {
	name: 'doctor',
	words: 'what is wrong on this host, or on the ways to TARGET, and what to do',
	more: 'everything that is wrong on this host (or on the ways to TARGET), and what to do; `--probe` sends the requests for real as well',
	arguments: [{name: 'TARGET', words: 'as for flow; without: the whole host', offers: 'targets', optional: true}],
	options: [{flags: '--probe', words: 'launch the requests for real as well, side by side'}],
	// Loaded when it is asked for: other commands do without.
	run: async context => (await import('./run-doctor.js')).runDoctor(context),
};
