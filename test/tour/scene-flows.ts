import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';

/** The host whose flows stand in docs/: the scene of the tests, one container in the LAN (macvlan), one on the network of another. */
export async function sceneFlows(lab: Lab): Promise<void> {
	await sceneSix(lab);
	const serve = ['busybox', 'httpd', '-f', '-p', '80', '-h', '/www'];
	await lab.docker(
		'network',
		'create',
		'-d',
		'macvlan',
		'-o',
		'parent=eth0',
		'--subnet',
		'10.99.0.0/24',
		'--ip-range',
		'10.99.0.128/25',
		'lannet',
	);
	await lab.docker('run', '-d', '--name', 'mac', '--hostname', 'mac', '--network', 'lannet', ...serve);
	await lab.docker('run', '-d', '--name', 'side', '--network', 'container:web', 'busybox', 'sleep', '3600');
}
