import type {CauseId} from '../../model/index.js';
import type {Entry} from './entry.js';

/** Causes at the end of the way: names, published ports, sockets, processes. */
export const socketCauses = {
	'nothing-listens': {
		title: 'nothing listens on the port',
		about: 'No socket listens on this port where the request arrives, so the kernel there refuses it ("connection refused").',
		more: ['Usually the program listens on another port, has not started yet, or has ended.'],
		see: [['nsenter -t PID -n ss -tlnp', 'what does listen there']],
		todo: ['Publish the port that the program listens on (-p HOST:PORT), or make it listen on this one.'],
	},
	'listens-on-loopback': {
		title: 'it listens on 127.0.0.1 only',
		about: "The program listens on the container's own loopback address. Only the container itself can reach it there.",
		more: ['127.0.0.1 is a different place in every container and on the host. A published port arrives at eth0, not at lo.'],
		see: [['nsenter -t PID -n ss -tln', 'the address before the port: 127.0.0.1 or [::1]']],
		todo: ['Make the program listen on 0.0.0.0 (and ::), e.g. by its option --host or bind.'],
	},
	'listens-elsewhere': {
		title: 'it listens on another address',
		about: 'A socket listens on the port, but on another address, address family or device than the one the request arrives at.',
		more: [],
		see: [['nsenter -t PID -n ss -tln', 'the address before the port, and the device after "%"']],
		todo: ['Make the program listen on 0.0.0.0 and ::, or ask at the address that it listens on.'],
	},
	'backlog-full': {
		title: 'its accept queue is full',
		about: 'A socket listens, but connections wait unaccepted up to its limit: the kernel drops further ones until the program takes some.',
		more: ['The program hangs, or is overrun. The client waits until its time is up.'],
		see: [['nsenter -t PID -n ss -tln', 'Recv-Q (waiting) has reached Send-Q (limit)']],
		todo: ['Look why the program does not accept, and restart it where it hangs.'],
	},
	'port-held': {
		title: 'the port is only kept reserved',
		about:
			"The engine's own socket keeps the published port from others, but answers nobody: only a rule of address translation would lead on, and none matched.",
		more: [
			'That is so where docker-proxy is switched off (userland-proxy: false) and the rule is missing or does not apply to this request.',
		],
		see: [
			['ss -tlnp', 'dockerd as the owner of the port'],
			['iptables -t nat -nvL DOCKER --line-numbers', 'the rules of published ports'],
		],
		todo: ['Ask at an address that the rule applies to; if the rules of the engine were flushed, restart it (systemctl restart docker).'],
	},
	'answered-by-another': {
		title: 'another one answers there',
		about: 'At this address and port a process or container other than the one asked for takes the request.',
		more: ['An answer comes, but from the wrong one.'],
		see: [
			['ss -tlnp', 'who listens on the port of the host'],
			['docker ps', 'which container publishes it'],
		],
		todo: ['Stop the other one, or publish at another port or address.'],
	},
	paused: {
		title: 'the process is frozen',
		about: 'The container is paused or the process stopped: the kernel still completes the handshake, but nobody reads and nobody answers.',
		more: [],
		see: [['docker ps --filter status=paused', 'the containers that are paused']],
		todo: ['`docker unpause CONTAINER`, or `kill -CONT PID` for a stopped process.'],
	},
	'not-running': {
		title: 'the container is not running',
		about: 'A stopped container has no network namespace, no address and no published port.',
		more: [
			'doctor takes one for stopped on purpose where it ended as a program does that is told to (exit code 0, 130, 137, 143): then its ports that nobody answers on are a line (info), no alarm, since hosts in order have such containers and the engine does not tell who waits for them. Another exit code, a lack of memory or a start that failed is a warning.',
		],
		see: [
			['docker ps -a', 'its state and exit code'],
			['docker logs CONTAINER', 'why it ended'],
		],
		todo: ['`docker start CONTAINER`'],
	},
	'published-elsewhere': {
		title: 'the port is published at another address',
		about: 'The published port is bound to an address of the host that this origin does not reach, for example 127.0.0.1 only.',
		more: [],
		see: [['docker port CONTAINER', 'the address before the host port']],
		todo: ['Ask at that address, or publish without one (-p 8080:80) so that every address of the host answers.'],
	},
	'name-not-found': {
		title: 'nobody answers for the name',
		about: 'No source that this origin asks knows the name, so no packet is sent at all.',
		more: [
			'Names of containers are known only to containers on the same network, and not on the default bridge. host.docker.internal exists on Linux only where --add-host host.docker.internal:host-gateway gave it.',
		],
		see: [['docker exec CONTAINER cat /etc/hosts /etc/resolv.conf', 'the sources that are asked']],
		todo: ['Put both containers on one network of your own, or give the name with --add-host.'],
	},
	'dns-unreachable': {
		title: 'its queries do not reach its DNS',
		about: "The origin's resolver file names a server, and its queries do not arrive there: the name may well exist.",
		more: [
			"In a container on a network of your own, 127.0.0.11 is a rule of the container's own namespace that leads to a socket of the engine. A firewall inside the container, a flushed nat table or a lo that is down takes it away.",
		],
		see: [['nsenter -t PID -n iptables -t nat -nvL', 'the rules that lead 127.0.0.11:53 to the engine']],
		todo: ['Restart the container: the engine writes its rules anew.'],
	},
	'proxy-cannot-connect': {
		title: 'docker-proxy cannot reach the container',
		about:
			'docker-proxy takes the connection on the host, but its own connection to the container fails, so it closes the first one at once.',
		more: ['The client sees an empty reply or a reset, not a refusal.'],
		see: [['pgrep -a docker-proxy', 'the address and port that it dials']],
		todo: ['Look at the hops behind the proxy: the fault is there.'],
	},
	'no-network': {
		title: 'the container has no network',
		about: 'The container has lo alone: nothing leads to it or away from it.',
		more: [],
		see: [['nsenter -t PID -n ip addr', 'lo and nothing else']],
		todo: ['`docker network connect NETWORK CONTAINER` (not possible for one started with --network none: start it anew with another).'],
	},
} as const satisfies Partial<Record<CauseId, Entry>>;
