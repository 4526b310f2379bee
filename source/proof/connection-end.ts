/** One end of a connection. */
export interface End {
	/** null: any; the port alone is telling. */
	address: string | null;
	port: number;
}

export interface Headers {
	src: string;
	dst: string;
	sport: number | null;
	dport: number | null;
	proto: string;
}

/** Whether an address and port are this end. */
export function isAt({address, port}: End, at: string, itsPort: number | null): boolean {
	return port === itsPort && (address === null || address === at);
}
