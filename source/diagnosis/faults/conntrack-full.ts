import {sysctl} from '../../snapshot/netns.js';
import {noticed, observed} from '../facts.js';
import type {Fault} from '../fault.js';

/** The table of connections is (nearly) full: new ones are dropped without a word. */
export const conntrackFull: Fault = {
	id: 'conntrack-full',
	words: {
		title: 'the table of connections is nearly full',
		about:
			'Address translation needs an entry in the connection table for every connection. When it is full, the kernel drops new ones, while old ones go on.',
		more: [
			'The kernel\'s log then says "nf_conntrack: table full, dropping packet".',
			'Not tested live: the limit is one for all namespaces of the machine.',
		],
		see: [['sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max', 'how many there are, and how many fit']],
		todo: ['`sysctl -w net.netfilter.nf_conntrack_max=NUMBER`, and look who opens so many.'],
	},
	onHost({host}) {
		const [count, max] = ['count', 'max'].map(name => sysctl(host, `net.netfilter.nf_conntrack_${name}`));
		if (!count || !max || count < max * 0.9) return [];
		return [
			noticed({
				id: 'conntrack-full',
				severity: count >= max * 0.98 ? 'error' : 'warning',
				summary: `the connection table holds ${count} of at most ${max} entries`,
				remedy: `sysctl -w net.netfilter.nf_conntrack_max=${max * 2}`,
				evidence: [
					observed(
						`${count} of ${max}`,
						'/proc/sys/net/netfilter',
						'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max',
					),
				],
			}),
		];
	},
};
