import {readFile} from 'node:fs/promises';
import {canonical, isWithin} from '../address/ip.js';
import type {Address, Group} from '../model/index.js';
import {clean} from '../text/clean.js';
import {malformed} from './program.js';
import {wholeLines} from './whole-lines.js';

/**
 * The addresses of another process's namespace as everybody may read them (proc_pid_net(5)): IPv6 from if_inet6; IPv4 from the
 * local addresses of fib_trie, each on the link whose connected route (net/route) holds it. A gap where that does not settle the
 * link, or the order of several addresses on one.
 */
export async function readAddressesOf(pid: number): Promise<Group<Address[]>> {
	const folder = `/proc/${pid}/net`;
	try {
		const text = (file: string) => readFile(`${folder}/${file}`, 'utf8');
		const [trie, route, inet6] = await Promise.all([text('fib_trie'), text('route'), text('if_inet6').catch(() => '')]);
		const value = [...parseLocal4(trie, route), ...parseInet6(inet6)];
		return {read: true, value, source: `${folder}/{fib_trie,route,if_inet6}`, command: `cat ${folder}/fib_trie ${folder}/if_inet6`};
	} catch (error) {
		return {read: false, gap: malformed(folder, error)};
	}
}

/** IPv4 addresses, from both files. Throws where an address cannot be assigned to one link. */
export function parseLocal4(trie: string, route: string): Address[] {
	const connected = route.split('\n').slice(1).flatMap(toConnected);
	const local = [...(trie.split(/^Local:$/m)[1] ?? '').matchAll(/\|-- (\S+)\n\s+\/32 host LOCAL/g)].map(match => match[1] ?? '');
	const addresses = [...new Set(local)].map((address): Address => {
		if (isWithin(address, '127.0.0.0/8')) return {...plain, link: 'lo', address, prefix: 8, scope: 'host'};
		const holding = connected.filter(({subnet}) => isWithin(address, subnet));
		const [one] = holding;
		if (!one || holding.length > 1) throw new Error(`the link of ${address} is not told`);
		return {...plain, link: one.dev, address, prefix: one.prefix, scope: 'global'};
	});
	const links = addresses.filter(({link}) => link !== 'lo').map(({link}) => link);
	if (new Set(links).size < links.length) throw new Error('the order of several addresses on one link is not told');
	return addresses;
}

/** Rows of if_inet6: address, index, prefix length, scope and flags in hexadecimal digits, link. */
export function parseInet6(text: string): Address[] {
	return wholeLines(text).map(line => {
		const [hex = '', , prefix = '', scope = '', flags = '', link = ''] = line.trim().split(/\s+/);
		const isWhole = /^[0-9a-f]{32}$/.test(hex) && [prefix, scope, flags].every(digits => /^[0-9a-f]{2,}$/.test(digits)) && link !== '';
		if (!isWhole) throw new Error(`"${clean(line, 80)}" is no address`);
		const bits = Number.parseInt(flags, 16);
		return {
			link: clean(link),
			family: 6 as const,
			address: canonical((hex.match(/.{4}/g) ?? []).join(':')),
			prefix: Number.parseInt(prefix, 16),
			peer: null,
			scope: scopes[scope] ?? scope,
			flags: flagNames.filter(([bit]) => bits & bit).map(([, name]) => name),
		};
	});
}

/** Rows of /proc/net/route without a gateway: their subnet lies on the link. Addresses are little-endian on little-endian machines. */
function toConnected(line: string): {dev: string; subnet: string; prefix: number}[] {
	const [dev = '', destination = '', gateway, , , , , mask = ''] = line.trim().split(/\s+/);
	if (gateway !== '00000000' || mask === '00000000' || dev === '*') return [];
	const prefix = Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length;
	const bytes = (destination.match(/../g) ?? []).map(byte => Number.parseInt(byte, 16));
	return [{dev: clean(dev), subnet: `${(littleEndian ? bytes.reverse() : bytes).join('.')}/${prefix}`, prefix}];
}

const plain = {family: 4 as const, peer: null, flags: []};
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** IPV6_ADDR_… of include/net/ipv6.h. */
const scopes: Record<string, string> = {'00': 'global', '10': 'host', '20': 'link', '40': 'site'};

/** IFA_F_… of include/uapi/linux/if_addr.h, as ip-address(8) names them. */
const flagNames: [bit: number, name: string][] = [
	[0x01, 'temporary'],
	[0x02, 'nodad'],
	[0x08, 'dadfailed'],
	[0x20, 'deprecated'],
	[0x40, 'tentative'],
];
