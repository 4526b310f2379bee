/**
 * The text of `nft -j list ruleset` with the devices of chains at their own hooks (ingress, egress), which nft before 1.0.8 prints
 * only in its plain list: `chains` is that of `nft list chains`. Gives `json` as it is where nothing is missing there.
 */
export function withDevices(json: string, chains: string): string {
	const devices = devicesOf(chains);
	const document = JSON.parse(json) as {nftables?: {chain?: Record<string, unknown>}[]};
	for (const {chain} of document.nftables ?? []) {
		const found = chain && devices.get(`${chain.family} ${chain.table} ${chain.name}`);
		if (found && chain.dev === undefined) chain.dev = found;
	}
	return JSON.stringify(document);
}

/** Whether a chain at a device's hook stands in it without its device. */
export function lacksDevices(json: string): boolean {
	return [...json.matchAll(/\{"chain": ?\{[^{}]*\}/g)].some(([chain]) => /"hook": ?"(in|e)gress"/.test(chain) && !/"dev"/.test(chain));
}

function devicesOf(text: string): Map<string, string[]> {
	const devices = new Map<string, string[]>();
	let [table, chain] = ['', ''];
	for (const line of text.split('\n')) {
		table = /^table (\S+ \S+) \{/.exec(line)?.[1] ?? table;
		chain = /^\s*chain (\S+) \{/.exec(line)?.[1] ?? chain;
		const [, one, several] = /^\s*type \S+ hook \S+ (?:device "?([^" ]+)"?|devices = \{ ([^}]*) \}) priority/.exec(line) ?? [];
		const names = one === undefined ? several?.split(',').map(name => name.trim().replace(/^"|"$/g, '')) : [one];
		if (names) devices.set(`${table} ${chain}`, names);
	}
	return devices;
}
