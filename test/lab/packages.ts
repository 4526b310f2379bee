import {existsSync} from 'node:fs';
import {mkdir, readdir, rename, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {type EngineName, suites} from './engines.ts';
import type {Journal} from './journal.ts';

/**
 * Installs those programs that this machine lacks, with apt-get (Debian); by default what every lab needs. `wanted` is program → Debian
 * packages, with spaces between. Changes nothing where all is there.
 */
export async function ensurePrograms(journal: Journal, wanted: Readonly<Record<string, string>> = programs): Promise<void> {
	const missing = Object.entries(wanted).filter(([program]) => findProgram(program) === null);
	if (missing.length === 0) return;
	const packages = new Set(missing.flatMap(([, names]) => names.split(' ')));
	const apt = {timeoutMs: 600_000, env: {DEBIAN_FRONTEND: 'noninteractive'}};
	// Test files run side by side, and apt-get does not wait for another one's lists.
	const alone = ['flock', join(tmpdir(), 'dockhop-lab-apt.lock'), 'apt-get', '-q'];
	await journal.run([...alone, 'update'], apt);
	await journal.run([...alone, 'install', '-y', '--no-install-recommends', ...packages], apt);
}

/**
 * Folder under which an engine's programs lie (usr/bin, usr/sbin), fetched from its suite of Debian's archive where that was not
 * done before; null: this machine's own. The system's packages and apt lists stay as they are.
 */
export async function engineRoot(engine: EngineName, journal: Journal): Promise<string | null> {
	const suite = suites[engine];
	if (suite === null) return null;
	const root = join(cache, engine);
	if (!existsSync(root)) await fetchEngine(suite, root, journal);
	return root;
}

/** Value of PATH with an engine's programs first. runc is always this machine's own: newer ones need a newer C library. */
export function enginePath(root: string | null): string {
	const own = root === null ? [] : ['usr/bin', 'usr/sbin', 'usr/libexec/docker'].map(folder => join(root, folder));
	return [...own, ...searched].join(delimiter);
}

/** Full path of a program, or null where this machine has none of that name. */
export function findProgram(name: string): string | null {
	return searched.map(folder => join(folder, name)).find(path => existsSync(path)) ?? null;
}

async function fetchEngine(suite: string, root: string, journal: Journal): Promise<void> {
	// Two runs may fetch at once: each works in a folder of its own, and the first one to finish gives its name.
	const work = `${root}.${process.pid}`;
	try {
		const options = await aptOptions(suite, work, journal);
		const apt = {timeoutMs: 600_000};
		await journal.run(['apt-get', ...options, '-q', 'update'], apt);
		// It downloads into the folder it is started in.
		await journal.run(['env', '-C', work, 'apt-get', ...options, '-q', 'download', 'docker.io', 'docker-cli', 'containerd'], apt);
		for (const file of await readdir(work)) {
			if (file.endsWith('.deb')) await journal.run(['dpkg', '-x', join(work, file), join(work, 'root')], {timeoutMs: 120_000});
		}
		await rename(join(work, 'root'), root).catch(error => {
			if (!existsSync(root)) throw error;
		});
	} finally {
		await rm(work, {recursive: true, force: true});
	}
}

/** Options that turn apt to one suite of the mirror this machine uses itself, with lists and cache of its own. */
async function aptOptions(suite: string, work: string, journal: Journal): Promise<string[]> {
	const {stdout} = await journal.run(['apt-get', 'indextargets', '--format', '$(REPO_URI) $(ORIGIN) $(LABEL)']);
	const mirror = stdout
		.split('\n')
		.map(line => line.split(' '))
		.find(([, origin, label]) => origin === 'Debian' && label === 'Debian')?.[0];
	if (mirror === undefined) throw new Error(`no mirror of Debian among this machine's apt sources, so no engine from ${suite}`);
	await mkdir(join(work, 'lists/partial'), {recursive: true});
	await mkdir(join(work, 'cache/archives/partial'), {recursive: true});
	const list = join(work, 'sources.list');
	await writeFile(list, `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} ${suite} main\n`);
	const settings = {
		'Dir::Etc::SourceList': list,
		'Dir::Etc::SourceParts': '/dev/null',
		'Dir::State::Lists': join(work, 'lists'),
		// Without the list of installed packages, the suite's own version is the candidate.
		'Dir::State::status': '/dev/null',
		'Dir::Cache': join(work, 'cache'),
		// apt's own unprivileged user cannot write below a folder of root's.
		'APT::Sandbox::User': 'root',
	};
	return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

const cache = process.env.DOCKHOP_LAB_CACHE ?? '/var/cache/dockhop-lab';

const searched = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin'];

/** Program → the Debian packages that it takes. */
const programs = {
	dockerd: 'docker.io',
	iptables: 'iptables',
	nft: 'nftables',
	ip: 'iproute2',
	brctl: 'bridge-utils',
	conntrack: 'conntrack',
	tcpdump: 'tcpdump',
	dnsmasq: 'dnsmasq-base',
	busybox: 'busybox-static',
	curl: 'curl',
	cc: 'gcc libc6-dev',
	sysctl: 'procps',
};
