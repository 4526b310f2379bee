import type {Group, Link, PortSwitch} from '../model/index.js';
import {type Fields, isOn, numberOf, parseRecords, recordOf, requiredNumber, requiredText, textOf, textsOf} from './json.js';
import {readProgram} from './program.js';

/** The links of a network namespace, over netlink (ip-link(8)): /sys/class/net would be that of the mount namespace. */
export function readLinks(enter: readonly string[]): Promise<Group<Link[]>> {
	return readProgram(enter, ['ip', '-j', '-d', 'link'], parseLinks);
}

/** What `ip -j -d link` printed. Throws where that is no list of links. */
export function parseLinks(text: string): Link[] {
	const records = parseRecords(text);
	const indexes = new Map(records.map(fields => [textOf(fields, 'ifname'), numberOf(fields, 'ifindex')]));
	return records.map(fields => toLink(fields, indexes));
}

function toLink(fields: Fields, indexes: Map<string | null, number | null>): Link {
	const flags = textsOf(fields, 'flags');
	const info = recordOf(fields, 'linkinfo') ?? {};
	const kind = textOf(info, 'info_kind');
	return {
		index: requiredNumber(fields, 'ifindex'),
		name: requiredText(fields, 'ifname'),
		mac: textOf(fields, 'address'),
		mtu: numberOf(fields, 'mtu') ?? 0,
		up: flags.includes('UP'),
		operstate: textOf(fields, 'operstate') ?? 'UNKNOWN',
		carrier: flags.includes('LOWER_UP'),
		kind: kind ?? (flags.includes('LOOPBACK') ? 'loopback' : null),
		master: textOf(fields, 'master'),
		// A lower link or peer in the same namespace is printed by its name ("link"), one in another by its index there.
		linkIndex: numberOf(fields, 'link_index') ?? indexes.get(textOf(fields, 'link') ?? '') ?? null,
		linkNetnsid: numberOf(fields, 'link_netnsid'),
		bridge: kind === 'bridge' ? toBridge(recordOf(info, 'info_data') ?? {}) : null,
		port: textOf(info, 'info_slave_kind') === 'bridge' ? toPort(recordOf(info, 'info_slave_data') ?? {}) : null,
		xdp: recordOf(fields, 'xdp') !== null || flags.includes('XDP'),
		...(flags.includes('NOARP') ? {noArp: true} : {}),
		...(kind === 'macvlan' ? modeOf(recordOf(info, 'info_data') ?? {}) : {}),
		...groupOf(textOf(fields, 'group') ?? ''),
	};
}

function modeOf(data: Fields): Pick<Link, 'macvlanMode'> {
	const mode = textOf(data, 'mode');
	return mode === null ? {} : {macvlanMode: mode};
}

function groupOf(text: string): Pick<Link, 'group'> {
	return text === 'default' ? {group: 0} : /^\d+$/.test(text) ? {group: Number(text)} : {};
}

function toBridge(data: Fields): Link['bridge'] {
	return {
		id: bridgeId(textOf(data, 'bridge_id') ?? ''),
		stp: (numberOf(data, 'stp_state') ?? 0) !== 0,
		vlanFiltering: (numberOf(data, 'vlan_filtering') ?? 0) !== 0,
		callIptables: numberOf(data, 'nf_call_iptables') === 1,
		callIp6tables: numberOf(data, 'nf_call_ip6tables') === 1,
	};
}

/** ip prints the MAC's bytes without leading zeros (8000.2:42:ac:11:0:1), brctl all twelve digits (8000.0242ac110001). */
function bridgeId(id: string): string {
	const [priority = '', mac = ''] = id.split('.');
	return mac.includes(':')
		? `${priority}.${mac
				.split(':')
				.map(byte => byte.padStart(2, '0'))
				.join('')}`
		: id;
}

function toPort(data: Fields): Link['port'] {
	const off = portSwitches.filter(name => data[name] === false);
	return {
		state: textOf(data, 'state') ?? 'unknown',
		hairpin: isOn(data, 'hairpin'),
		isolated: isOn(data, 'isolated'),
		number: numberOf(data, 'no'),
		...(off.length > 0 ? {off} : {}),
		...(isOn(data, 'locked') ? {locked: true} : {}),
	};
}

const portSwitches: readonly PortSwitch[] = ['learning', 'flood', 'bcast_flood', 'mcast_flood'];
