/**
 * Why a request stops. Each entry has a page in docs/causes/.
 * A new entry is one line here, one in rows/words and one page.
 */
export const causeIds = [
	/** Nothing listens on that port in that namespace. */
	'nothing-listens',
	/** A socket listens on the port, but on 127.0.0.1 or ::1 alone. */
	'listens-on-loopback',
	/** A socket listens on the port, but on another address, family or device. */
	'listens-elsewhere',
	/** A listening socket takes no more connections: its accept queue is full. */
	'backlog-full',
	/** The engine only keeps the published port reserved: its socket answers nobody. */
	'port-held',
	/** Another process or container answers there, not the one that was asked for. */
	'answered-by-another',
	/** The process is frozen: its kernel completes the handshake, nobody answers. */
	'paused',
	/** The container is not running. */
	'not-running',
	/** The published port is bound to an address that this origin does not reach. */
	'published-elsewhere',
	/** The queries of this namespace do not reach the server that would know the name. */
	'dns-unreachable',
	/** No source answers for the name. */
	'name-not-found',
	/** A firewall rule drops the packet silently. */
	'dropped',
	/** A base chain's policy drops the packet. */
	'policy-drop',
	/** A firewall rule refuses the packet with an ICMP error or a reset. */
	'rejected',
	/** Rules drop or refuse the packet: it does not pass, and which of the two its sender sees cannot be told. */
	'dropped-or-rejected',
	/** No route leads to the address. */
	'no-route',
	/** A route of type unreachable, blackhole, prohibit or throw. */
	'route-refuses',
	/** Forwarding between interfaces is switched off. */
	'forwarding-off',
	/** Reverse-path filter: the answer would leave by another interface. */
	'rp-filter',
	/** A source or destination that the kernel takes for impossible on that interface. */
	'martian',
	/** An interface is down. */
	'link-down',
	/** An interface is not a port of the bridge. */
	'not-in-bridge',
	/** A bridge port that does not forward (STP, isolation, hairpin off). */
	'port-not-forwarding',
	/** No neighbour answers for the address on that link. */
	'no-neighbour',
	/** The neighbour entry carries a MAC address that the target does not have. */
	'wrong-neighbour',
	/** A packet for a container or address of this host that its route leads elsewhere. */
	'misrouted',
	/** The container has no network: only lo. */
	'no-network',
	/** The answer leaves with an address that the client did not ask: its NAT was not undone. */
	'answer-not-translated',
	/** docker-proxy accepts, and cannot reach the container. */
	'proxy-cannot-connect',
	/** TTL reaches 0 before the target. */
	'ttl-exceeded',
	/** Seen at one place and not at the next, and nothing that was read says why. Only a trace finds it. */
	'vanished',
] as const;

export type CauseId = (typeof causeIds)[number];
