import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';

/**
 * The host of the tour: the scene's five containers and `other` on a network of its own, which exposes port 80; `www` is on the network of `app` as well; `page`, published on 9090; and `shy`,
 * published on 8282, which listens on 127.0.0.1 alone behind a firewall's rule that drops what comes from the LAN for it.
 */
export async function sceneTour(lab: Pick<Lab, 'docker' | 'host'>): Promise<void> {
	await sceneSix(lab);
	const run = (name: string, ...args: string[]) => lab.docker('run', '-d', '--name', name, '--hostname', name, ...args);
	await lab.docker('rm', '-f', 'other', 'lonely');
	await run('other', '--network', 'othernet', '--expose', '80', 'busybox', 'httpd', '-f', '-p', '80', '-h', '/www');
	await lab.docker('network', 'connect', 'appnet', 'www');
	await run('page', '-p', '9090:80', 'tiny', '/tiny', 'serve', '0.0.0.0:80');
	await run('shy', '-p', '8282:80', 'tiny', '/tiny', 'serve', '127.0.0.1:80');
	await lab.host(['iptables', '-I', 'DOCKER-USER', '-i', 'eth0', '-p', 'tcp', '-m', 'conntrack', '--ctorigdstport', '8282', '-j', 'DROP']);
}
