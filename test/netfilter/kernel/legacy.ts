import type {Bed} from './bed.js';
import type {Choices} from './choices.js';
import type {Explained} from './explained.js';
import {iptablesRules} from './iptables-rules.js';
import {load, must} from './namespaces.js';
import {placeNames} from './topology.js';

/** Loads random rules of iptables-legacy of both families into the host, and gives their text. No rule rejects: an ICMP error would move counters too. */
export async function loadLegacy(bed: Bed, choices: Choices): Promise<string> {
	const texts: string[] = [];
	for (const family of [4, 6] as const) {
		const rules = passNoise(iptablesRules(choices, family).replace(/^.*-j REJECT.*$/gm, ''), family);
		texts.push(await load([...bed.enter.host, `ip${family === 4 ? '' : '6'}tables-legacy-restore`], rules));
	}
	return texts.join('\n');
}

/** What nobody sent as a request: rules in front let it by, and are not counted. */
function passNoise(rules: string, family: 4 | 6): string {
	return rules.replace(/^:(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) .*$/gm, head => {
		const chain = head.slice(1).split(' ')[0];
		return [head, ...noise[family].map(words => `-A ${chain} ${words} ${byNoise} -j ACCEPT`)].join('\n');
	});
}

const byNoise = '-m comment --comment noise';
/** The markers of a trace (a masquerade changes their source, so their destination tells them), errors that nobody walks; multicast listeners, router and neighbour discovery, redirects. */
const noise = {
	4: ['-d 127.0.0.1/32 -p udp -m udp --dport 61000:62000', ...[3, 5, 11, 12].map(type => `-p icmp -m icmp --icmp-type ${type}`)],
	6: [1, 2, 3, 4, 130, 131, 132, 133, 134, 135, 136, 137, 143].map(type => `-p ipv6-icmp -m icmp6 --icmpv6-type ${type}`),
};

/** "ip filter FORWARD #2": how many packets each rule of iptables-legacy has matched. */
export async function legacyCounters(bed: Bed): Promise<Map<string, number>> {
	const found = new Map<string, number>();
	for (const [family, program] of [
		['ip', 'iptables-legacy-save'],
		['ip6', 'ip6tables-legacy-save'],
	] as const) {
		const numbers = new Map<string, number>();
		let table = '';
		for (const line of (await must([...bed.enter.host, program, '-c'])).split('\n')) {
			table = /^\*(\S+)/.exec(line)?.[1] ?? table;
			const [, packets, chain] = /^\[(\d+):\d+\] -A (\S+)/.exec(line) ?? [];
			if (chain === undefined) continue;
			const place = `${family} ${table} ${chain}`;
			const number = (numbers.get(place) ?? 0) + 1;
			numbers.set(place, number);
			if (!line.includes(byNoise)) found.set(`${place} #${number}`, Number(packets));
		}
	}
	return found;
}

/** The rules whose counters moved, with how far. */
export function moved(before: Map<string, number>, after: Map<string, number>): Record<string, number> {
	const steps = [...after].map(([rule, packets]) => [rule, packets - (before.get(rule) ?? 0)] as const);
	return Object.fromEntries(steps.filter(([, packets]) => packets > 0));
}

/** How often the walk of some packets matches each rule of iptables-legacy on the host. */
export function walked(walks: Explained[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const walk of walks)
		for (const told of Object.values(walk.told))
			for (const {name, backend, certain} of told.in.host?.met ?? [])
				if (backend === 'iptables-legacy' && certain) counts[name] = (counts[name] ?? 0) + 1;
	return counts;
}

/** From now on nobody answers: what came in is dropped behind all rules of iptables-legacy. */
export async function silence(bed: Bed): Promise<void> {
	const drop = 'meta l4proto tcp drop\nicmp type echo-request drop\nicmpv6 type echo-request drop';
	for (const place of placeNames) {
		const hook = place === 'host' ? 'input priority 500' : 'prerouting priority -500';
		await must([...bed.enter[place], 'nft', '-f', '-'], `table inet silence {\nchain c { type filter hook ${hook};\n${drop}\n}\n}\n`);
	}
}

/** Takes that back. */
export async function speak(bed: Bed): Promise<void> {
	for (const place of placeNames)
		await must([...bed.enter[place], 'nft', '-f', '-'], 'add table inet silence\ndelete table inet silence\n');
}
