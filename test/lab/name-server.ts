import {type Background, startBackground} from './background.ts';
import {address, enter} from './namespaces.ts';

/**
 * Starts the LAN's name server on the client: "client.lan" is the client itself, any other name does not exist (NXDOMAIN). Without one,
 * a container that asks for a name that its engine does not know waits until the query times out.
 */
export function startNameServer(netns: string, logFile: string): Background {
	const dnsmasq = ['dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--no-hosts', '--no-resolv', '--bind-interfaces'];
	const names = [`--host-record=client.lan,${address.lan},${address.lan6}`, '--local=/#/'];
	return startBackground(enter(netns, [...dnsmasq, `--listen-address=${address.lan}`, ...names]), logFile);
}
