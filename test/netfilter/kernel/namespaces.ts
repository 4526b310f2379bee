import {run} from '../../../source/process/run.js';

/** Client, host and server in three network namespaces: client 10.97.0.2 — eth0 host down0 — 10.98.0.2 and .3 server. */
export interface Testbed {
	client: string[];
	host: string[];
	down(): Promise<void>;
}

/** Makes the three namespaces (root only). `down` removes them, and with them all rules and links. */
export async function testbed(): Promise<Testbed> {
	const name = (end: string) => `dhn-${process.pid}-${end}`;
	const enter = (end: string) => ['nsenter', `--net=/run/netns/${name(end)}`];
	const down = async () => {
		for (const end of ['c', 'h', 's']) await run(['ip', 'netns', 'del', name(end)]);
	};
	try {
		for (const end of ['c', 'h', 's']) {
			await must(['ip', 'netns', 'add', name(end)]);
			// Without IPv6 no packets appear that nobody sent.
			await must([...enter(end), 'sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1', 'net.ipv4.ip_forward=1']);
			await must([...enter(end), 'ip', 'link', 'set', 'lo', 'up']);
		}
		await must(['ip', 'link', 'add', 'eth0', 'netns', name('c'), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name('h')]);
		await must(['ip', 'link', 'add', 'down0', 'netns', name('h'), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name('s')]);
		const addresses = [
			['c', 'eth0', '10.97.0.2/24'],
			['h', 'eth0', '10.97.0.1/24'],
			['h', 'down0', '10.98.0.1/24'],
			['s', 'eth0', '10.98.0.2/24'],
			['s', 'eth0', '10.98.0.3/24'],
		] as const;
		for (const [end, link, address] of addresses) {
			await must([...enter(end), 'ip', 'addr', 'add', address, 'dev', link]);
			await must([...enter(end), 'ip', 'link', 'set', link, 'up']);
		}
		await must([...enter('c'), 'ip', 'route', 'add', 'default', 'via', '10.97.0.1']);
		await must([...enter('s'), 'ip', 'route', 'add', 'default', 'via', '10.98.0.1']);
	} catch (error) {
		await down();
		throw error;
	}
	return {client: enter('c'), host: enter('h'), down};
}

/** Loads rules by a program's stdin, without the lines that it or the kernel refuses, and gives what was loaded. */
export async function load(argv: string[], text: string): Promise<string> {
	const lines = text.split('\n');
	for (let tries = 0; tries < 60; tries++) {
		const ran = await run(argv, {stdin: lines.join('\n')});
		if (ran.code === 0) return lines.join('\n');
		const refused = [...ran.stderr.matchAll(/(?:stdin:|line:? )(\d+)/g)].map(([, number]) => Number(number) - 1);
		if (refused.length === 0) throw new Error(`${argv.join(' ')}: ${ran.failure ?? ran.code}: ${ran.stderr}`);
		for (const index of refused) lines[index] = '';
	}
	throw new Error(`${argv.join(' ')}: still refused`);
}

/** Runs a program that has to succeed, and gives what it printed. */
export async function must(argv: string[], stdin?: string): Promise<string> {
	const ran = await run(argv, stdin === undefined ? {} : {stdin});
	if (ran.code !== 0) throw new Error(`${argv.join(' ')}: ${ran.failure ?? ran.code}: ${ran.stderr}`);
	return ran.stdout;
}
