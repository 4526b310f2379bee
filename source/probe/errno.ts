/**
 * The errno of a failed connect(), from the words that a program printed (strerror(3) of glibc and of musl);
 * null where the text names none.
 */
export function errnoOf(text: string): string | null {
	return errnos.find(({words}) => words.test(text))?.errno ?? null;
}

/**
 * The errno that tells most, of several addresses tried in turn: a family that this host has no route or address for
 * (usually IPv6) fails at once and says nothing about the target.
 */
export function tellingErrno(tried: readonly string[]): string | null {
	return tried.findLast(errno => !ownSide.has(errno)) ?? tried.at(-1) ?? null;
}

/** One reason for a person: what the kernel answered, after how many milliseconds, and what that usually means. */
export function reasonOf(errno: string, ms: number | null): string {
	const means = errnos.find(entry => entry.errno === errno)?.means;
	if (errno === 'EHOSTUNREACH' && ms !== null && ms >= unansweredMs) {
		return `no route to host after ${duration(ms)}: nobody answered for the address on its link (ARP, or neighbour discovery)`;
	}
	if (errno === 'ETIMEDOUT') return `timed out${ms === null ? '' : ` after ${duration(ms)}`}: dropped on the way, nothing came back`;
	return means ?? `the connection failed with ${errno}`;
}

/** "3.1 s", "40 ms". */
export function duration(ms: number): string {
	return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`;
}

/** arp(7): the kernel asks three times, a second apart (mcast_solicit, retrans_time); a firewall's or router's error comes sooner. */
const unansweredMs = 900;

const ownSide = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** errno(3), with the words of glibc | musl, and icmp(7) for what an ICMP error turns into (kernel: icmp_err_convert). */
const errnos: {errno: string; words: RegExp; means?: string}[] = [
	{errno: 'ECONNREFUSED', words: /Connection refused/i, means: 'connection refused: nothing listens there, or a firewall rejects it'},
	{
		errno: 'EHOSTUNREACH',
		words: /No route to host|Host is unreachable/i,
		means: 'no route to host: a firewall or router rejects it, or no way leads to that address',
	},
	{
		errno: 'ENETUNREACH',
		words: /Network (is )?unreachable/i,
		means: 'network is unreachable: no route leads there, or a firewall or router rejects it',
	},
	{errno: 'ETIMEDOUT', words: /(Connection|Operation) timed out(?! after)/i},
	{errno: 'ECONNRESET', words: /Connection reset/i, means: 'connection reset: it opened and was cut off at once'},
	{errno: 'EACCES', words: /Permission denied/i, means: 'permission denied: a route of type prohibit, or a local rule, forbids it'},
	{errno: 'EPERM', words: /Operation not permitted/i, means: 'operation not permitted: a rule at the sender drops it as it leaves'},
	{errno: 'EINVAL', words: /Invalid argument/i, means: 'invalid argument: a route of type blackhole swallows it'},
	{
		errno: 'EADDRNOTAVAIL',
		words: /(Cannot|Can't) assign requested address|Address not available/i,
		means: 'the address to send from is not one of this origin, or it has no address of that family',
	},
	{errno: 'ENOPROTOOPT', words: /Protocol not available/i, means: 'protocol unreachable: a firewall or the target rejects it'},
	{errno: 'EAFNOSUPPORT', words: /Address family not supported/i, means: 'this origin does not have that address family'},
	{errno: 'ENETDOWN', words: /Network is down/i, means: 'network is down: the link that leads there is down'},
	{errno: 'EHOSTDOWN', words: /Host is down/i, means: 'host is down: nobody answers for it'},
	{errno: 'EPIPE', words: /Broken pipe/i, means: 'the connection was closed while it was written to'},
];
