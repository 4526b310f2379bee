import {readdir, readFile, readlink} from 'node:fs/promises';
import type {Lab} from '../lab/lab.ts';

/** Tables of a trace that are there now: on the host and in a container's namespace. */
export async function tablesOfTrace(lab: Lab, container: string): Promise<string[]> {
	const pid = await lab.docker('inspect', '-f', '{{.State.Pid}}', container);
	const tables = await Promise.all([lab.host(['nft', 'list', 'tables']), lab.host(['nsenter', '-t', pid, '-n', 'nft', 'list', 'tables'])]);
	return tables.flatMap(({stdout}) => stdout.split('\n').filter(line => line.includes('dockhop_')));
}

/** Programs of a trace that run now, there too. */
export async function programsOfTrace(lab: Lab, container: string): Promise<string[]> {
	const pid = await lab.docker('inspect', '-f', '{{.State.Pid}}', container);
	const own = new Set([await namespaceOf(pid), (await lab.host(['readlink', '/proc/self/ns/net'])).stdout.trim()]);
	const processes = await Promise.all(
		(await readdir('/proc')).map(async id => ({
			netns: await namespaceOf(id),
			line: (await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '),
		})),
	);
	return processes
		.filter(({netns}) => own.has(netns))
		.flatMap(({line}) => (/^(nft -i|nft -a monitor|tcpdump -i any|conntrack -E)/.test(line) ? [line] : []));
}

function namespaceOf(pid: string): Promise<string> {
	return readlink(`/proc/${pid}/ns/net`).catch(() => '');
}
