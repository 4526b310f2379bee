import type {Fault} from './fault.js';
import {addressLost} from './faults/address-lost.js';
import {addressTaken} from './faults/address-taken.js';
import {behindAMachine} from './faults/behind-a-machine.js';
import {bridgeLost} from './faults/bridge-lost.js';
import {conntrackFull} from './faults/conntrack-full.js';
import {defaultBridgeNames} from './faults/default-bridge-names.js';
import {differentNetworks} from './faults/different-networks.js';
import {dnsNotAsked} from './faults/dns-not-asked.js';
import {dnsServersSilent} from './faults/dns-servers-silent.js';
import {duplicateMac} from './faults/duplicate-mac.js';
import {engineRulesMissing} from './faults/engine-rules-missing.js';
import {hostGatewayMissing} from './faults/host-gateway-missing.js';
import {httpProxyEnvironment} from './faults/http-proxy-environment.js';
import {iccOff} from './faults/icc-off.js';
import {internalNetwork} from './faults/internal-network.js';
import {localhostInside} from './faults/localhost-inside.js';
import {lostNamespace} from './faults/lost-namespace.js';
import {macvlanHost} from './faults/macvlan-host.js';
import {mtuTooLarge} from './faults/mtu-too-large.js';
import {nameLeadsElsewhere} from './faults/name-leads-elsewhere.js';
import {nameMisspelt} from './faults/name-misspelt.js';
import {natRuleMissing} from './faults/nat-rule-missing.js';
import {notMasqueraded} from './faults/not-masqueraded.js';
import {notPublished} from './faults/not-published.js';
import {notReady} from './faults/not-ready.js';
import {notRunning} from './faults/not-running.js';
import {portTaken} from './faults/port-taken.js';
import {portsDiscarded} from './faults/ports-discarded.js';
import {protocolMismatch} from './faults/protocol-mismatch.js';
import {restarting} from './faults/restarting.js';
import {sentElsewhere} from './faults/sent-elsewhere.js';
import {sharedName} from './faults/shared-name.js';
import {staleProxy} from './faults/stale-proxy.js';
import {strayAddress} from './faults/stray-address.js';
import {subnetOverlap} from './faults/subnet-overlap.js';
import {swarmIngress} from './faults/swarm-ingress.js';
import {twoIptables} from './faults/two-iptables.js';
import {unhealthy} from './faults/unhealthy.js';
import {wrongPort} from './faults/wrong-port.js';

/** Every named fault. At one hop the first that speaks has the say, so what is deeper stands before what only follows from it. */
export const faults: readonly Fault[] = [
	lostNamespace,
	portTaken,
	restarting,
	notRunning,
	unhealthy,
	macvlanHost,
	addressLost,
	addressTaken,
	strayAddress,
	bridgeLost,
	hostGatewayMissing,
	dnsNotAsked,
	defaultBridgeNames,
	differentNetworks,
	nameMisspelt,
	nameLeadsElsewhere,
	sentElsewhere,
	dnsServersSilent,
	sharedName,
	protocolMismatch,
	localhostInside,
	wrongPort,
	notReady,
	swarmIngress,
	notPublished,
	portsDiscarded,
	internalNetwork,
	iccOff,
	engineRulesMissing,
	natRuleMissing,
	twoIptables,
	notMasqueraded,
	subnetOverlap,
	staleProxy,
	duplicateMac,
	mtuTooLarge,
	conntrackFull,
	httpProxyEnvironment,
	behindAMachine,
];
