import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {CommandOptions} from './journal.ts';
import type {Lab} from './lab.ts';
import {ensurePrograms} from './packages.ts';

export interface Ssh {
	/** The argument vector, to be run on the LAN client, that logs in to the host: put options and a command line behind it. */
	argv: string[];
	/** Variables with which `ssh ADDRESS`, started by another program on the LAN client, finds the key: e.g. for DOCKER_HOST=ssh://. */
	env: Record<string, string>;
	/** Runs one command line on the host, from the LAN client. */
	run(commandLine: string, options?: CommandOptions): ReturnType<Lab['lan']>;
	/** Of the server: every session descends from it. */
	pid: number;
	stop(): Promise<string>;
}

/**
 * Starts an OpenSSH server on the lab's host, with throw-away keys and a throw-away account: it has root's rights, and only the server's
 * own mount namespace knows it. A session there has the engine's DOCKER_HOST and PATH.
 */
export async function startSsh(lab: Lab): Promise<Ssh> {
	await ensurePrograms(lab.journal, {sshd: 'openssh-server', ssh: 'openssh-client'});
	const folder = join(lab.folder, 'ssh');
	const file = (name: string) => join(folder, name);
	await mkdir(file('bin'), {recursive: true});
	// sshd's own folder for privilege separation, which Debian's service makes at its start.
	await mkdir('/run/sshd', {recursive: true});
	for (const key of ['host', 'client']) await lab.host(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', file(key)]);
	await writeFile(file('sshd_config'), serverConfig(lab, file('host'), file('client.pub')));
	await writeFile(file('config'), clientConfig(file('client'), file('known_hosts')));
	await writeFile(file('bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${file('config')} "$@"\n`);
	await chmod(file('bin/ssh'), 0o755);
	await writeFile(file('passwd'), `${await readFile('/etc/passwd', 'utf8')}${account}:x:0:0::${folder}:/bin/sh\n`);
	const server = lab.start('host', [...withAccounts, file('passwd'), '/usr/sbin/sshd', '-D', '-e', '-f', file('sshd_config')]);
	const argv = [file('bin/ssh'), lab.address.host];
	await server.until(async () => (await lab.lan([...argv, 'true'], {mayFail: true})).code === 0, 10_000);
	return {
		argv,
		env: {PATH: `${file('bin')}:${process.env.PATH}`},
		run: (commandLine, options) => lab.lan([...argv, commandLine], options),
		pid: server.pid,
		stop: server.stop,
	};
}

const account = 'dockhop-lab';
/** What is mounted later elsewhere is seen here as well (slave); the account file is seen here alone. */
const withAccounts = ['unshare', '-m', '--propagation', 'slave', 'sh', '-c', 'mount --bind "$1" /etc/passwd && shift && exec "$@"', 'sh'];

function serverConfig(lab: Lab, hostKey: string, clientKey: string): string {
	return [
		`ListenAddress ${lab.address.host}`,
		`HostKey ${hostKey}`,
		`AuthorizedKeysFile ${clientKey}`,
		'PermitRootLogin yes',
		'PasswordAuthentication no',
		'UsePAM no',
		// The key's folder belongs to root, but lies outside of root's home.
		'StrictModes no',
		'PidFile none',
		`SetEnv DOCKER_HOST=unix://${lab.socket} PATH=${lab.path}`,
		'',
	].join('\n');
}

function clientConfig(key: string, knownHosts: string): string {
	const options = [
		`User ${account}`,
		`IdentityFile ${key}`,
		'IdentitiesOnly yes',
		`UserKnownHostsFile ${knownHosts}`,
		'StrictHostKeyChecking accept-new',
		'BatchMode yes',
	];
	return `${options.join('\n')}\n`;
}
