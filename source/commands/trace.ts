import type {Command} from './command.js';

/** `dockhop trace TARGET`: launches the request, or waits for one from the LAN or from anywhere, and shows what the kernel did with it. */
export const trace: Command = {
	name: 'trace',
	words: 'launch the request and show what the kernel did with it, hop by hop (as root)',
	more: 'as root: launch it and show what the kernel did with its packets at every hop, beside the explanation; from `lan` it waits for the request of a client, from `any` for the next one that anybody sends',
	arguments: [{name: 'TARGET', words: 'CONTAINER[:PORT[/udp]], ADDRESS:PORT, :PORT or a URL', offers: 'targets'}],
	options: [
		{
			flags: '--from <ORIGIN>',
			words: 'host (default), host:ADDRESS, a container; lan or any: then it waits for the request of a client, or of whoever comes next',
			offers: 'askers',
		},
		{flags: '--watch', words: 'from lan or any: go on with the next requests, a line each, until none comes within --timeout'},
	],
	waits: true,
	// Loaded when a trace is asked for: other commands do without.
	run: async context => (await import('./run-trace.js')).runTrace(context),
};
