import {access, constants, readFile} from 'node:fs/promises';
import {delimiter, join} from 'node:path';
import type {Group, ProbePlan, Snapshot} from '../model/index.js';
import {type Ran, type RunOptions, run} from '../process/run.js';
import {splitDoor} from '../process/start.js';
import {type Place, placeOf} from './place.js';

/** Starts programs of this host where the request is to leave: in the origin's network namespace, with the origin's names. */
export interface Sender {
	run(argv: readonly string[], options: RunOptions): Promise<Ran>;
	/** The caller's main process; null for the host. */
	pid: number | null;
	/** The helper container that starts them, if one does: then they are its image's. */
	door?: readonly string[];
}

/** How a program of this host is started at the plan's origin, or why that is not possible here. */
export async function senderAt(plan: ProbePlan, snapshot: Snapshot): Promise<Sender | {whyNot: string}> {
	const tether = await tetherArgv();
	const {rest} = splitDoor(snapshot.vantage.enter);
	if (plan.from.kind === 'host') {
		if (snapshot.vantage.kind === 'none') return {whyNot: `nothing can be sent from there: ${snapshot.vantage.words}`};
		// What this process can send itself needs no helper.
		const enter = rest.length > 0 ? tethered(snapshot.vantage.enter, tether) : tether;
		return {pid: null, run: (argv, options) => run([...enter, ...argv], options)};
	}
	const inside = await insideOf(plan.from.id, snapshot, tether);
	if ('whyNot' in inside) return inside;
	return {pid: inside.pid, door: inside.door, run: (argv, options) => run([...inside.enter, ...argv], options)};
}

/**
 * What stands before a program of this host that is to run in a container's network namespace with that container's names; or why that
 * is not possible here. `tether`: what ends the program together with dockhop.
 */
export async function insideOf(
	containerId: string,
	snapshot: Snapshot,
	tether: readonly string[],
): Promise<{pid: number; door: readonly string[]; enter: string[]} | {whyNot: string}> {
	const place = await placeOf(containerId, snapshot);
	if ('whyNot' in place) return place;
	if (snapshot.vantage.kind !== 'root') return {whyNot: 'only root may enter its network namespace'};
	const {door} = splitDoor(snapshot.vantage.enter);
	const missing = await missingProgram(['nsenter', 'unshare', 'mount', 'sh'], door);
	if (missing) return {whyNot: missing};
	const files = await resolverFiles(place, snapshot);
	if ('whyNot' in files) return files;
	const entered = tethered([...door, 'nsenter', `--net=/proc/${place.pid}/ns/net`], tether);
	const enter = [...entered, 'unshare', '-m', 'sh', '-c', bindFiles, 'sh'];
	return {pid: place.pid, door, enter: [...enter, files.resolvConf, files.hosts, files.nsswitch]};
}

/** Why a program cannot be started: the first of them that is not in PATH, with its package, or not in the helper's image; null if all are there. */
export async function missingProgram(programs: readonly string[], door: readonly string[] = []): Promise<string | null> {
	if (door.length > 0) {
		const {stdout} = await run([...door, 'sh', '-c', 'for one; do command -v "$one" >/dev/null || echo "$one"; done', 'sh', ...programs]);
		const [first] = stdout.split('\n');
		return first ? `${first} is not in the helper's image` : null;
	}
	const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
	for (const program of programs) {
		const found = await Promise.all(folders.map(folder => access(join(folder, program), constants.X_OK).then(yes, no)));
		if (!found.includes(true)) return `${program} is not installed: install the package ${packages[program] ?? program}`;
	}
	return null;
}

const yes = () => true;
const no = () => false;
const packages: Record<string, string> = {nsenter: 'util-linux', unshare: 'util-linux', mount: 'mount (util-linux)', sh: 'dash or bash'};

/**
 * setpriv --pdeathsig (prctl(2), PR_SET_PDEATHSIG) ends the program together with dockhop, also after kill -9. Where it is
 * missing or too old, the program's own time limit does: a few seconds later. Tried once.
 */
export function tetherArgv(): Promise<string[]> {
	tether ??= run([...setpriv, 'true'], {timeoutMs: 2000}).then(({code}) => (code === 0 ? setpriv : []));
	return tether;
}

const setpriv = ['setpriv', '--pdeathsig', 'KILL', '--'];
let tether: Promise<string[]> | undefined;

/** What is run behind a door ends with dockhop in any case; here the tether stands in front of all. */
export function tethered(enter: readonly string[], tether: readonly string[]): string[] {
	return splitDoor(enter).door.length > 0 ? [...enter] : [...tether, ...enter];
}

interface ResolverTexts {
	resolvConf: string;
	hosts: string;
	nsswitch: string;
}

/** The engine's own files if they are on this host (as they are now), else what the snapshot read. */
async function resolverFiles(
	{container}: Exclude<Place, {whyNot: string}>,
	{containers}: Snapshot,
): Promise<ResolverTexts | {whyNot: string}> {
	const read = containers[container.id]?.resolver;
	const resolvConf = await textOf(container.resolvConfPath, read?.resolvConf);
	const hosts = await textOf(container.hostsPath, read?.hosts);
	if (resolvConf === null || hosts === null) return {whyNot: `its ${hosts === null ? 'hosts' : 'resolv.conf'} could not be read`};
	return {resolvConf, hosts, nsswitch: nsswitchOf(read?.nsswitch.read ? read.nsswitch.value : '')};
}

async function textOf(path: string | null, read: Group<string> | undefined): Promise<string | null> {
	const text = path ? await readFile(path, 'utf8').catch(() => null) : null;
	return text ?? (read?.read ? read.value : null);
}

/**
 * The container's order of files and dns, and nothing else: any other source of its own or of this host (systemd-resolved,
 * mdns) is a daemon that only the host can reach, and would answer as the host.
 */
function nsswitchOf(text: string): string {
	const sources =
		/^\s*hosts:(.*)$/m
			.exec(text)?.[1]
			?.split(/\s+/)
			.filter(source => source === 'files' || source === 'dns') ?? [];
	return `hosts: ${sources.length > 0 ? sources.join(' ') : 'files dns'}\n`;
}

/**
 * Gives the program after it the container's resolver files, in a mount namespace of its own that ends with it; nothing of
 * this is seen outside or left behind. The texts are positional parameters: no name is ever read as shell. /sys is only the
 * directory that every Linux has and that these programs do not need. nscd's socket would answer from the host's cache.
 */
const bindFiles = `
mount -t tmpfs tmpfs /sys && printf %s "$1" >/sys/resolv.conf && printf %s "$2" >/sys/hosts && printf %s "$3" >/sys/nsswitch.conf &&
mount --bind /sys/resolv.conf /etc/resolv.conf && mount --bind /sys/hosts /etc/hosts &&
{ [ ! -e /etc/nsswitch.conf ] || mount --bind /sys/nsswitch.conf /etc/nsswitch.conf; } &&
{ [ ! -e /run/nscd/socket ] || mount --bind /dev/null /run/nscd/socket; } && shift 3 && exec "$@"`;
