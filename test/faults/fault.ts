import type {Lab} from '../lab/lab.ts';

/** A fault made on a real engine: what dockhop must say of it, and how it goes away again. */
export interface FaultCase {
	name: string;
	make(lab: Lab): Promise<unknown>;
	undo(lab: Lab): Promise<unknown>;
	/** Id of the finding. */
	id: string;
	/** Arguments of `dockhop doctor`; null: it is on the way of a request that doctor does not look at by itself. */
	doctor?: string[] | null;
	/** Arguments of `dockhop flow` for a request that the fault is on the way of; absent: it stops none of its own. */
	flow?: string[];
	/** Kinds of hops at which it may stop. */
	at?: string[];
	/** A program of the host that does the same request, and has to succeed after the remedy. */
	real?: string[];
	/** The remedy is a command: run as it stands, and after it the same request arrives (or, without one, the finding is gone). */
	remedy?: true;
	/** What can be read does not tell whether it stops the request: the flow says so. */
	untold?: true;
	/** It stops nothing by itself: the flow is told to arrive, and the finding is a remark on it. */
	remark?: true;
	/** Engines that cannot have it. */
	not?: string[];
}

/** The host's end of a container's eth0. */
export async function vethOf(lab: Lab, name: string): Promise<string> {
	const inside = await lab.host(['nsenter', '-t', await pidOf(lab, name), '-n', 'ip', '-j', 'link', 'show', 'eth0']);
	const [{link_index: index}] = JSON.parse(inside.stdout);
	const links: {ifindex: number; ifname: string}[] = JSON.parse((await lab.host(['ip', '-j', 'link'])).stdout);
	return links.find(link => link.ifindex === index)?.ifname ?? '';
}

export async function pidOf(lab: Lab, name: string): Promise<string> {
	return lab.docker('inspect', '-f', '{{.State.Pid}}', name);
}

export async function addressOf(lab: Lab, name: string): Promise<string> {
	return lab.docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name);
}

export async function bridgeOf(lab: Lab, network: string): Promise<string> {
	return `br-${(await lab.docker('network', 'inspect', '-f', '{{.Id}}', network)).slice(0, 12)}`;
}

/** Runs a program in the network namespace of a container, with the programs of the host. */
export async function inside(lab: Lab, name: string, ...argv: string[]): Promise<unknown> {
	return lab.host(['nsenter', '-t', await pidOf(lab, name), '-n', ...argv]);
}

export async function run(lab: Lab, name: string, ...args: string[]): Promise<string> {
	return lab.docker('run', '-d', '--name', name, '--hostname', name, ...args);
}

export function remove(...names: string[]): (lab: Lab) => Promise<unknown> {
	return lab => lab.docker('rm', '-f', ...names);
}

/** Waits for at most thirty seconds until docker prints that. */
export async function until(lab: Lab, wanted: string, ...args: string[]): Promise<void> {
	for (let tries = 0; tries < 150; tries++) {
		if ((await lab.docker(...args)) === wanted) return;
		await new Promise(resolve => setTimeout(resolve, 200));
	}
	throw new Error(`docker ${args.join(' ')} did not come to print ${wanted}`);
}

/** Ends the program of the host that listens on a port. */
export async function endListener(lab: Lab, port: number): Promise<void> {
	const {stdout} = await lab.host(['ss', '-tlnpH', `sport = :${port}`]);
	const pid = /pid=(\d+)/.exec(stdout)?.[1];
	if (pid) await lab.host(['kill', pid]);
}

export function gatewayOf(lab: Lab, network: string): Promise<string> {
	return lab.docker('network', 'inspect', '-f', '{{range .IPAM.Config}}{{.Gateway}}{{end}}', network);
}
