import type {Lab} from './lab.ts';

/**
 * Six containers, one of each kind: `www` on the default bridge (8080→80), `web` (8081→80) and `app` (has curl and the name
 * host.docker.internal) on the user's bridge `appnet`, `hosty` on the host's network (port 9000), `lonely` without one, and `tiny`, an
 * image of a single binary (127.0.0.1:8181→80). A seventh, `other`, is on another bridge, `othernet`. All but hosty answer HTTP on 80;
 * none heeds SIGTERM, so they are given a second to stop.
 */
export async function sceneSix(lab: Pick<Lab, 'docker'>): Promise<void> {
	const run = (name: string, ...args: string[]) =>
		lab.docker('run', '-d', '--name', name, '--hostname', name, '--stop-timeout', '1', ...args);
	await lab.docker('network', 'create', 'appnet');
	await lab.docker('network', 'create', 'othernet');
	await run('www', '-p', '8080:80', ...httpd);
	await run('web', '--network', 'appnet', '-p', '8081:80', ...httpd);
	await run('app', '--network', 'appnet', '--add-host', 'host.docker.internal:host-gateway', 'curl', ...serve);
	await lab.docker('run', '-d', '--name', 'hosty', '--network', 'host', 'busybox', 'httpd', '-f', '-p', '9000', '-h', '/www');
	await run('lonely', '--network', 'none', ...httpd);
	await run('tiny', '-p', '127.0.0.1:8181:80', 'tiny', '/tiny', 'serve', '0.0.0.0:80');
	await run('other', '--network', 'othernet', ...httpd);
}

const serve = ['httpd', '-f', '-p', '80', '-h', '/www'];

const httpd = ['busybox', ...serve];
