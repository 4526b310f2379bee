import {canonical, isUnspecified} from '../../address/ip.js';
import {parseAddress} from '../../address/value.js';
import type {Container, Evidence, Gap, ResolverFiles} from '../../model/index.js';
import {inferred, missing, observed} from '../trail.js';
import {factsOf, type Site, type World} from '../world.js';
import {embeddedAnswer} from './embedded-dns.js';
import {embeddedTrouble} from './embedded-reach.js';
import {bare, lookupHosts} from './hosts-file.js';
import {hostSources} from './nsswitch.js';
import {namesToAsk, parseResolvConf} from './resolv-conf.js';

/** Where a name leads for one origin, and which source says so. */
export interface Resolution {
	name: string;
	addresses: string[];
	/** "/etc/hosts line 7", "embedded DNS 127.0.0.11", "DNS 192.0.2.53". */
	source: string;
	/** One sentence. */
	says: string;
	/** Why it has no address. */
	cause: 'name-not-found' | 'dns-unreachable';
	/** Set where it could not be told whether the name resolves. */
	gap: Gap | null;
	command: string;
	evidence: Evidence[];
	/** Its servers have to be asked (or were not): the session can do that. */
	ask: boolean;
}

/** Resolves a name as this origin's own resolver would: nsswitch order, hosts file, embedded DNS, the servers behind it. */
export function resolve(world: World, site: Site, name: string): Resolution {
	const container = site.container;
	const files = container ? factsOf(world, container)?.resolver : world.snapshot.hostResolver;
	const command = container ? `docker exec ${container.name} getent hosts ${name}` : `getent ahosts ${name}`;
	const base = {name, addresses: [], cause: 'name-not-found' as const, command, ask: false, evidence: [], gap: null};
	if (!files) return {...base, ...unread({id: 'not-read', why: `the resolver files of ${site.of} were not read`, tell: 'sudo dockhop'})};
	if (container && !files.hosts.read) return {...base, ...unread(files.hosts.gap), ...byInventory(world, container, name)};
	const {order, others} = files.nsswitch.read ? hostSources(files.nsswitch.value) : {order: ['files', 'dns'] as const, others: []};
	for (const source of order) {
		const found = source === 'files' ? fromFiles(files, name) : fromDns(world, site, files, name);
		if (found) return {...base, ...found};
	}
	const elsewhere = others.length > 0 ? ` (its other sources, ${others.join(', ')}, are not asked)` : '';
	const says = `no source answers for ${name}${elsewhere}`;
	return {...base, source: order.join(', '), says, evidence: [observed(says, 'nsswitch.conf', command)]};
}

type Part = Pick<Resolution, 'source' | 'says'> & Partial<Resolution>;

function fromFiles(files: ResolverFiles, name: string): Part | null {
	if (!files.hosts.read) return unread(files.hosts.gap);
	const found = lookupHosts(files.hosts.value, name);
	if (found.length === 0) return bare(name) === 'localhost' ? loopback(files) : null;
	const source = `/etc/hosts line ${[...new Set(found.map(one => one.line))].join(', ')}`;
	const addresses = [...new Set(found.map(one => one.address))];
	const says = `${name} is ${addresses.join(', ')}: ${source}`;
	return {addresses, source, says, evidence: [observed(says, files.hosts.source, files.hosts.command)]};
}

/** Its files are not readable: what the engine was told (--add-host, its own names, its networks) says where the name should lead. */
function byInventory(world: World, container: Container, name: string): Pick<Resolution, 'addresses'> {
	const added = container.extraHosts
		.map(one => /^([^:=]+)[:=](.*)$/.exec(one))
		.filter(match => match !== null && bare(match[1] ?? '') === bare(name));
	const own = bare(container.hostname) === bare(name) ? container.endpoints.map(end => end.address) : [];
	const known = [...added.map(match => match?.[2] ?? ''), ...own].filter(
		(address): address is string => address !== null && parseAddress(address) !== null,
	);
	const served = embeddedAnswer(world.containers, world.networks, container, name).map(one => one.address);
	if (bare(name) === 'localhost') return {addresses: ['127.0.0.1']};
	return {addresses: [...new Set([...known, ...(known.length > 0 ? [] : served)].map(canonical))]};
}

/** localhost needs no file: resolvers answer it themselves (RFC 6761). */
function loopback(files: ResolverFiles): Part {
	const says = 'localhost is 127.0.0.1, ::1: answered by the resolver itself';
	return {
		addresses: ['::1', '127.0.0.1'],
		source: 'localhost',
		says,
		evidence: [inferred(says, 'RFC 6761', files.hosts.read ? files.hosts.command : '')],
	};
}

function fromDns(world: World, site: Site, files: ResolverFiles, name: string): Part | null {
	if (!files.resolvConf.read) return unread(files.resolvConf.gap);
	const conf = parseResolvConf(files.resolvConf.value);
	const embedded = conf.servers[0] === '127.0.0.11';
	const trouble = embedded ? embeddedTrouble(world, site) : null;
	if (trouble && 'says' in trouble)
		return {
			source: 'embedded DNS 127.0.0.11',
			cause: 'dns-unreachable',
			says: trouble.says,
			evidence: [observed(trouble.says, 'iptables-save, ss', dnsCommand(site))],
		};
	if (trouble) return unread(trouble.gap);
	for (const full of namesToAsk(name, conf)) {
		const own = embedded && site.container ? embeddedAnswer(world.containers, world.networks, site.container, full) : [];
		if (own.length > 0) {
			const addresses = [...new Set(own.map(one => canonical(one.address)))];
			const says = `${full} is ${addresses.join(', ')} on ${own[0]?.network}: embedded DNS 127.0.0.11`;
			return {
				addresses,
				source: 'embedded DNS 127.0.0.11',
				says,
				evidence: [inferred(says, "the engine's endpoints", `docker network inspect ${own[0]?.network}`)],
			};
		}
	}
	return fromServers(world, site, name, embedded ? 'embedded DNS 127.0.0.11 and the servers behind it' : `DNS ${conf.servers.join(', ')}`);
}

/** What servers answered when the session asked them from this origin. */
function fromServers(world: World, site: Site, name: string, source: string): Part | null {
	const from = site.key === 'host' ? null : site.key;
	const answers = world.snapshot.answers.filter(one => one.from === from && bare(one.name) === bare(name));
	const addresses = [...new Set(answers.flatMap(one => one.addresses).map(canonical))].filter(address => !isUnspecified(address));
	if (addresses.length > 0) {
		const by = answers.find(one => one.addresses.length > 0)?.server ?? source;
		const says = `${name} is ${addresses.join(', ')}: answered by ${by}`;
		return {addresses, source: `DNS ${by}`, says, evidence: [observed(says, 'a query from there', `dig @${by} ${name}`)]};
	}
	const asked = answers[0];
	const hindered = answers.find(one => one.error?.startsWith('not asked'));
	if (!asked || hindered) {
		const why = `${name} is for ${source} to answer${hindered ? `: ${hindered.error}` : ', which were not asked'}`;
		return {...unread({id: 'name-not-asked', why, tell: 'sudo dockhop'}), source, ask: !asked};
	}
	const says = `no source answers for ${name}: ${source} said ${[...new Set(answers.map(one => one.error ?? 'no address'))].join(', ')}`;
	return {source, says, evidence: [observed(says, 'a query from there', `dig @${asked.server} ${name}`)]};
}

function dnsCommand(site: Site): string {
	return `nsenter -t ${site.container?.pid ?? 'PID'} -n iptables -t nat -nvL`;
}

function unread(gap: Gap): Part {
	return {source: '', says: gap.why, gap, evidence: [missing(gap)]};
}
