import type {PlaceName} from './topology.js';

/** Rules that make a trace of every packet that may be a request's, in a namespace, and show it at the beginning and the end of every hook. */
export function tracing(place: PlaceName): string {
	const protocols = [
		'meta l4proto { tcp, udp, sctp }',
		'icmp type { echo-request, echo-reply }',
		'icmpv6 type { echo-request, echo-reply }',
	];
	const mark = protocols.map(protocol => `${protocol} meta nftrace set 1`).join('\n');
	const begin = ['prerouting', 'output'].map(hook => `chain ${hook}-first { type filter hook ${hook} priority -500;\n${mark}\n}`);
	const ends = ['prerouting', 'input', 'forward', 'output', 'postrouting'].map(
		hook => `chain ${hook}-last { type filter hook ${hook} priority 500; counter; }`,
	);
	const inet = `table inet tracing {\n${[...begin, ...ends].join('\n').replaceAll('-first', '_first').replaceAll('-last', '_last')}\n}\n`;
	const devices = place === 'host' ? ['eth0', 'eth1', 'va', 'vb', 'vc'] : ['eth0'];
	const chains = devices.map(device => `chain ${device} { type filter hook ingress device ${device} priority -500;\n${mark}\n}`);
	const bridge = `table bridge tracing {\nchain output { type filter hook output priority -500; counter; }\n}\n`;
	return `${inet}${place === 'host' ? bridge : ''}table netdev tracing {\n${chains.join('\n')}\n}\n`;
}
