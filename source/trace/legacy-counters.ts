import {run} from '../process/run.js';
import {clean} from '../text/clean.js';
import type {Counter} from './counters.js';

/** Counters of iptables-legacy rules, which the kernel does not show in a trace. Never asks with `iptables-legacy -S`: that would load its tables. */
export async function legacyCounters(enter: readonly string[]): Promise<Counter[]> {
	const programs = ['iptables-legacy', 'ip6tables-legacy'];
	const texts = await Promise.all(programs.map(program => run([...enter, `${program}-save`, '-c'], {timeoutMs: 3000})));
	return texts.flatMap(({stdout}, index) => parse(stdout, programs[index] ?? ''));
}

/** iptables-save(8): "*table", then ":CHAIN POLICY [packets:bytes]", then rules as "[packets:bytes] -A CHAIN …"; rules of a chain are counted from 1. */
function parse(text: string, program: string): Counter[] {
	const numbers = new Map<string, number>();
	let table = '';
	return text.split('\n').flatMap(line => {
		if (line.startsWith('*')) table = line.slice(1).trim();
		const [, ruled = '', dropped] = /^:(\S+) DROP \[(\d+):\d+\]/.exec(line) ?? [];
		if (dropped !== undefined) {
			const name = clean(`${program} ${table} ${ruled} policy DROP`);
			return [{interface: null, name, value: Number(dropped), command: clean(`${program} -t ${table} -nvL ${ruled}`)}];
		}
		const [, packets, chain = '', rule = ''] = /^\[(\d+):\d+\] -A (\S+) ?(.*)$/.exec(line) ?? [];
		if (packets === undefined) return [];
		const key = `${table} ${chain}`;
		const number = (numbers.get(key) ?? 0) + 1;
		numbers.set(key, number);
		return [
			{
				interface: null,
				name: clean(`${program} ${key} rule ${number}: ${rule}`, 200),
				value: Number(packets),
				command: clean(`${program} -t ${table} -nvL ${chain} --line-numbers`),
			},
		];
	});
}
