/** What one real request showed. Times in milliseconds. */
export interface ProbeResult {
	/** The line as a person would type it. */
	command: string;
	/** true: an answer came from the target; false: it did not arrive; null: cannot be told. */
	reached: boolean | null;
	/** reached beside the verdict that was explained; null where either is unknown. */
	agreement: boolean | null;
	/** curl's (or wget's) exit code; null where none ran. */
	exitCode: number | null;
	/** ECONNREFUSED, EHOSTUNREACH, …; null where connect succeeded or was not tried. */
	errno: string | null;
	httpStatus: number | null;
	/** One clear reason; null on success. */
	error: string | null;
	timings: {namelookup: number | null; connect: number | null; tls: number | null; firstByte: number | null; total: number | null};
	localAddress: string | null;
	localPort: number | null;
	remoteAddress: string | null;
	remotePort: number | null;
}

/** One real request to launch: everything decided, nothing to be looked up by name again but `host` itself. */
export interface ProbePlan {
	/** Where it is sent from. address: bind to this address of the host. */
	from: {kind: 'host'; address: string | null} | {kind: 'container'; id: string};
	/** http and https are asked with curl --fail; tcp opens and asks HTTP first; udp sends a datagram and waits. */
	scheme: 'http' | 'https' | 'tcp' | 'udp';
	/** A name as the origin resolves it, or an address (IPv6 without brackets). */
	host: string;
	port: number;
	/** Path and query of a URL; "/" otherwise. */
	path: string;
	/** -4 or -6; null: as the origin chooses. */
	family: 4 | 6 | null;
	/** Where the request ends, if on this host: there the answer is judged. container null: the host itself. */
	target: {containerId: string | null; port: number} | null;
	/** Verdict that was explained, for `agreement`. */
	explained: 'delivered' | 'blocked' | 'forwarded' | 'undetermined';
	/** Set where the request stands in for another one: "sent from the host: PREROUTING and FORWARD were not met". */
	standsInFor: string | null;
	timeoutSeconds: number;
	/** Ports to send from (inclusive), so that a trace knows this request from all others; absent: as the kernel chooses. */
	localPorts?: [number, number];
	/** Stands in the request's User-Agent, so that a trace finds it again behind a proxy. */
	nonce?: string;
}
