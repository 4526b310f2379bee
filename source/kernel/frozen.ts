import {readFile} from 'node:fs/promises';

/**
 * Whether the cgroup of a process (`memberships`: its /proc/PID/cgroup) is frozen, as `docker pause` does it: of cgroup v2 by
 * cgroup.events ("frozen 1", which counts a frozen parent too), of v1 by freezer.state. Null where neither could be read, or where
 * the cgroup lies outside of what this cgroup namespace shows. Source: cgroup-v2 and cgroup-v1/freezer-subsystem in the kernel's
 * documentation.
 */
export async function isFrozen(memberships: string): Promise<boolean | null> {
	const mounts = await mountsOnce();
	if (mounts === null) return null;
	const answers = await Promise.all(
		freezersOf(memberships, mounts).map(async ({path, frozen, isRoot}) => {
			const text = await readText(path);
			return text === null ? (isRoot ? false : null) : frozen.test(text);
		}),
	);
	if (answers.includes(true)) return true;
	return answers.includes(false) ? false : null;
}

interface Freezer {
	/** The file that tells. */
	path: string;
	/** What it says of a frozen group. */
	frozen: RegExp;
	/** The root of a hierarchy has no such file, and cannot be frozen. */
	isRoot: boolean;
}

/** The files that tell, from /proc/PID/cgroup (cgroups(7)) and the mounted hierarchies (proc_pid_mountinfo(5)). */
export function freezersOf(memberships: string, mountinfo: string): Freezer[] {
	const mounts = mountinfo.split('\n').flatMap(toMount);
	return memberships.split('\n').flatMap(line => {
		const [, id, controllers = '', path = ''] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
		const v2 = id === '0' && controllers === '';
		if (!path.startsWith('/') || path.startsWith('/..') || !(v2 || controllers.split(',').includes('freezer'))) return [];
		const mount = mounts.find(({type, options}) => (v2 ? type === 'cgroup2' : type === 'cgroup' && options.includes('freezer')));
		const below = mount && belowRoot(path, mount.root);
		if (!mount || below === null || below === undefined) return [];
		const folder = `${mount.at}${below}`;
		const isRoot = below === '' || below === '/';
		return [
			v2
				? {path: `${folder}/cgroup.events`, frozen: /^frozen 1$/m, isRoot}
				: {path: `${folder}/freezer.state`, frozen: /^(?:FROZEN|FREEZING)$/m, isRoot},
		];
	});
}

/** A hierarchy may be mounted from one of its groups down. */
function belowRoot(path: string, root: string): string | null {
	if (root === '/') return path;
	return path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : null;
}

interface Mount {
	root: string;
	at: string;
	type: string;
	options: string[];
}

function toMount(line: string): Mount[] {
	const [before = '', after = ''] = line.split(' - ');
	const [, , , root, at] = before.split(' ');
	const [type = '', , options = ''] = after.split(' ');
	return root && at ? [{root: plainPath(root), at: plainPath(at), type, options: options.split(',')}] : [];
}

/** Blanks and backslashes stand as octal numbers in mountinfo. */
function plainPath(path: string): string {
	return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

async function readText(path: string): Promise<string | null> {
	return readFile(path, 'utf8').catch(() => null);
}

/** A host of containers has a thousand mounts: those of other kinds are sorted out once for all processes. */
let mounts: Promise<string | null> | undefined;
function mountsOnce(): Promise<string | null> {
	mounts ??= readText('/proc/self/mountinfo').then(text => text?.replace(/^(?!.* - cgroup2? ).*\n/gm, '') ?? null);
	return mounts;
}
