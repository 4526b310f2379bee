/** What random rules are put together from, beside the usual. */
export interface Words {
	matches: readonly string[];
	verdicts: readonly string[];
	/** Statements (of iptables: targets) of chains before conntrack. */
	early?: readonly string[];
	/** Statements that are left out. */
	without?: RegExp;
}

export const noWords: Words = {matches: [], verdicts: []};

/** Zones of conntrack. A mark that a rule sets on what stands for a connection there stays on it for the next packet: none is set then. */
export const zoned = {
	nft: {...noWords, early: ['ct zone set 5', 'ct zone set 5', 'ct original zone set 7'], without: /ct mark set/},
	xt: {...noWords, early: ['-j CT --zone 5', '-j CT --zone-orig 7', '-j CT --zone mark', '-j CT --zone mark']},
};
