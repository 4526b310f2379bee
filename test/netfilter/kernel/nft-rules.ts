import type {Choices} from './choices.js';
import {ipMatches, type NatHook, nats, sets, statements} from './nft-vocabulary.js';
import {macsOf} from './topology.js';
import {noWords, type Words} from './words.js';

/** Input of `nft -f`: native tables of all families that IP packets meet, with chains at all hooks, within a table some at equal priorities. */
export function nftRules(choices: Choices, place: 'host' | 'container', extra: Words = noWords): string {
	const tables = Array.from({length: 1 + choices.below(3)}, (_, i) =>
		ipTable(choices, {family: choices.one(['ip', 'ip6', 'inet', 'inet']), name: `t${i}`, apart: i + 1}, extra),
	);
	if (place === 'host' && choices.chance(3)) tables.push(bridgeTable(choices));
	if (choices.chance(3)) tables.push(deviceTable(choices, place));
	return `${tables.join('\n')}\n`;
}

type Family = 'ip' | 'ip6' | 'inet';

interface Named {
	family: Family;
	name: string;
	/** Added to each priority: between tables none is equal (tied.test.ts is about those). */
	apart: number;
}

function ipTable(choices: Choices, {family, name, apart}: Named, extra: Words): string {
	const subs = ['s1', 's2'];
	const chains = [
		...subs.map((sub, i) => `chain ${sub} {\n${body(choices, {family, hook: 'sub', subs: subs.slice(i + 1), most: 3}, extra)}\n}`),
		...Array.from({length: 2 + choices.below(4)}, (_, i) => {
			const hook = choices.one(hooks);
			const type = hook === 'output' && choices.chance(3) ? 'route' : 'filter';
			const priority = apart + choices.one([-310, -250, -150, -90, 0, 0, 10, 150]);
			const head = `type ${type} hook ${hook} priority ${priority}; policy ${policy(choices)};`;
			const early = priority < -200 && (hook === 'prerouting' || hook === 'output');
			return `chain c${i} {\n${head}\n${body(choices, {family, hook, subs, most: 6, early}, extra)}\n}`;
		}),
		...Array.from({length: choices.below(3)}, (_, i) => {
			const hook = choices.one(['prerouting', 'output', 'postrouting', 'input'] as const);
			return `chain n${i} {\ntype nat hook ${hook} priority ${apart + choices.one([-100, 0, 100])}; policy accept;\n${natBody(choices, family, hook)}\n}`;
		}),
	];
	return `table ${family} ${name} {\n${[...sets(family), ...chains].join('\n')}\n}`;
}

function policy(choices: Choices): string {
	return choices.chance(10) ? 'drop' : 'accept';
}

function natBody(choices: Choices, family: Family, hook: NatHook): string {
	return Array.from(
		{length: 1 + choices.below(3)},
		() => `${choices.some(ipMatches(family, hook), 2).join(' ')} ${choices.one(nats(family, hook))}`,
	).join('\n');
}

interface Place {
	family: Family;
	hook: string;
	/** Chains that its rules may call. */
	subs: string[];
	/** So many rules at most. */
	most: number;
	/** It stands before conntrack. */
	early?: boolean;
}

function body(choices: Choices, {family, hook, subs, most, early = false}: Place, extra: Words): string {
	const usual = [...statements(family), ...(early ? (extra.early ?? []) : [])].filter(one => !extra.without?.test(one));
	const verdicts = [
		'accept',
		'drop',
		'return',
		'continue',
		'',
		'',
		'counter',
		'accept',
		...subs.flatMap(sub => [`jump ${sub}`, `goto ${sub}`]),
	];
	if (['input', 'forward', 'output'].includes(hook))
		verdicts.push('reject', 'meta l4proto tcp reject with tcp reset', 'reject with icmpx type admin-prohibited');
	// Nobody listens there: the rule does not match.
	if (hook === 'prerouting')
		verdicts.push(family === 'inet' ? 'meta l4proto tcp tproxy to :50 accept' : 'meta l4proto { tcp, udp } tproxy to :50 drop');
	verdicts.push(...extra.verdicts);
	return Array.from({length: 1 + choices.below(most)}, () => {
		const matches = choices.some([...ipMatches(family, hook), ...extra.matches], 3);
		// A drop of everything leaves nothing to look at behind it.
		const verdict = choices.one(matches.length === 0 ? verdicts.filter(one => !/drop|reject/.test(one)) : verdicts);
		const text = [...matches, ...choices.some(usual, 1), verdict].filter(part => part !== '').join(' ');
		return text === '' ? 'counter' : text;
	}).join('\n');
}

/** Rules for frames that cross a bridge, before and after br_netfilter shows them to the IP hooks. */
function bridgeTable(choices: Choices): string {
	const chains = ['prerouting', 'input', 'forward', 'output', 'postrouting'].map((hook, i) => {
		const head = `type filter hook ${hook} priority ${choices.one([-300, -200, 10, 200])}; policy ${policy(choices)};`;
		return `chain b${i} {\n${head}\n${frameBody(choices)}\n}`;
	});
	return `table bridge t {\n${chains.join('\n')}\n}`;
}

/** Rules at a device's own hook, which frames and packets meet first. */
function deviceTable(choices: Choices, place: 'host' | 'container'): string {
	const devices = place === 'host' ? ['eth0', 'va', 'vb', 'br0'] : ['eth0'];
	const chains = devices
		.filter(() => choices.below(2) === 0)
		.map(device => {
			const head = `type filter hook ${choices.one(['ingress', 'ingress', 'egress'])} device ${device} priority ${choices.one([-10, 0])};`;
			return `chain ${device} {\n${head} policy accept;\n${frameBody(choices)}\n}`;
		});
	return `table netdev t {\n${chains.join('\n')}\n}`;
}

function frameBody(choices: Choices): string {
	return Array.from({length: 1 + choices.below(4)}, () => {
		const matches = [choices.one(frameMatches), ...choices.some(frameMatches, 1)];
		return [...matches, choices.one(['accept', 'drop', 'counter', 'counter', 'meta mark set 1', 'counter accept'])].join(' ');
	}).join('\n');
}

const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;

const frameMatches = [
	'ip daddr 10.98.0.2',
	'ip saddr 10.98.0.0/24',
	'ip6 daddr fd98::3',
	'ether type ip',
	'ether type ip6',
	'meta protocol ip',
	'tcp dport 80',
	'tcp dport != 80',
	'udp dport 443',
	'meta l4proto tcp',
	'tcp flags syn',
	'tcp flags & (syn|ack) == ack',
	'iifname "va"',
	'iifname "eth0"',
	`ether saddr ${macsOf('va')[1]}`,
	`ether saddr != ${macsOf('eth0')[1]}`,
	'oifname "vb"',
	'iifname != "vb"',
	'meta mark 1',
	'meta mark != 0',
];
