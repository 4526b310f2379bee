import type {Choices} from './choices.js';

/**
 * Input of `nft -f`: tables whose chains have equal priorities, made in another order than the tables are listed in. Most of their rules
 * change what others ask for.
 */
export function tiedRules(choices: Choices): string {
	const names = ['ip t0', 'inet t1', 'ip t2', 'inet t3'].slice(0, 2 + choices.below(3));
	const order = choices.chance(2) ? names : names.toReversed();
	return [...names.map(name => `table ${name} { }`), ...order.map(name => `table ${name} {\n${chains(choices)}\n}`), ''].join('\n');
}

function chains(choices: Choices): string {
	const filters = Array.from({length: 1 + choices.below(3)}, (_, index) => {
		const head = `type filter hook ${choices.one(hooks)} priority ${choices.one([-150, 0])}; policy accept;`;
		return `chain c${index} { ${head}\n${rules(choices)}\n}`;
	});
	const translating = `chain n { type nat hook prerouting priority -100;\n${choices.one(nats)}\n}`;
	return [...filters, ...(choices.chance(3) ? [translating] : [])].join('\n');
}

function rules(choices: Choices): string {
	return Array.from({length: 1 + choices.below(3)}, () => `${choices.one(matches)} ${choices.one(does)}`).join('\n');
}

const hooks = ['prerouting', 'forward', 'forward', 'input', 'postrouting'] as const;
const matches = [
	'',
	'',
	'meta mark 1',
	'meta mark != 0',
	'meta mark & 2 == 2',
	'ct mark 2',
	'tcp dport 80',
	'udp dport 80',
	'ct direction original',
];
const does = [
	'meta mark set 1',
	'meta mark set meta mark xor 2',
	'ct mark set 2',
	'accept',
	'counter',
	'meta l4proto { tcp, udp } meta mark 1 drop',
];
const nats = [
	'tcp dport 80 dnat ip to 10.98.0.3',
	'meta mark 1 dnat ip to 10.98.0.2',
	'udp dport 80 redirect',
	'meta l4proto tcp dnat ip to 10.95.0.2',
].map(rule => `meta nfproto ipv4 ${rule}`);
