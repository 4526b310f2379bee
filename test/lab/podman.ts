import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {startBackground} from './background.ts';
import {type DaemonOptions, engineAnswers} from './daemon.ts';
import {enter} from './namespaces.ts';

/**
 * Starts Podman's API service (netavark, aardvark-dns) in a network namespace and waits until it answers; gives the path of its socket,
 * which speaks Docker's API.
 */
export async function startPodman({netns, folder, path}: Pick<DaemonOptions, 'netns' | 'folder' | 'path'>): Promise<string> {
	const file = (name: string) => join(folder, name);
	await mkdir(file('networks'));
	await writeFile(file('containers.conf'), config(file('networks')));
	const storage = ['--root', file('data'), '--runroot', file('run'), '--storage-driver', 'vfs'];
	// Podman notes networks, leases and name servers in /run/containers whatever its arguments say, and pins namespaces under /run/netns:
	// both are the lab's own here, in a mount namespace that ends with it.
	const apart = [
		'unshare',
		'--mount',
		'sh',
		'-c',
		'mkdir -p /run/containers && mount -t tmpfs none /run/containers && mount -t tmpfs none /run/netns && exec "$@"',
		'sh',
	];
	const argv = [...apart, 'podman', ...storage, 'system', 'service', '--time', '0', `unix://${file('docker.sock')}`];
	const service = startBackground(enter(netns, argv), file('podman.log'), {PATH: path, CONTAINERS_CONF: file('containers.conf')});
	await service.until(() => engineAnswers(file('docker.sock')), 60_000);
	return file('docker.sock');
}

function config(networks: string): string {
	return `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
network_config_dir = "${networks}"
`;
}
