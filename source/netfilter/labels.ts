import type {Rule} from './model.js';

/** A label for a rule of a known layout ("published port", "isolation"); null for all others. It names a rule, and never decides anything. */
export function labelOf(rule: Rule): string | null {
	const known = labels.get(rule);
	if (known !== undefined) return known;
	const label = findLabel(rule);
	labels.set(rule, label);
	return label;
}

const labels = new WeakMap<Rule, string | null>();

function findLabel({chain, text, comment}: Rule): string | null {
	const place = `${chain.table.name} ${chain.name}`;
	return (
		layouts.find(({where, what}) => where.test(place) && (what === undefined || what.test(text) || what.test(comment ?? '')))?.label ?? null
	);
}

/** Table and chain, then the rule's text or comment. The first that fits lends its label. */
const layouts: {where: RegExp; what?: RegExp; label: string}[] = [
	{where: / DOCKER-USER$/, what: /^-A DOCKER-USER -j RETURN$/, label: 'Docker'},
	{where: / DOCKER-USER$/, label: 'your DOCKER-USER rule'},
	{where: /^nat (DOCKER|nat-prerouting-and-output)$|^docker-bridges nat-prerouting-and-output/, what: /DNAT|dnat/, label: 'published port'},
	{where: / DOCKER-(ISOLATION-STAGE-[12]|INTERNAL)$/, label: 'isolation'},
	{where: /^docker-bridges /, what: /INTERNAL NETWORK/, label: 'isolation'},
	{where: /^docker-bridges /, what: /DROP DIRECT ACCESS/, label: 'direct access'},
	{where: /^docker-bridges /, what: /DROP REMOTE LOOPBACK/, label: 'published on loopback'},
	{where: /^docker-bridges /, what: /UNPUBLISHED PORT DROP/, label: 'unpublished port'},
	{where: /^docker-bridges /, what: /ICC/, label: 'between containers of one network'},
	{where: /^raw PREROUTING$/, what: /-d 127\.0\.0\.\d+\/32 ! -i lo .*-j DROP$/, label: 'published on loopback'},
	{where: /^raw PREROUTING$/, what: /-d \S+ ! -i (docker|br-)\S* .*-j DROP$/, label: 'direct access'},
	{where: / DOCKER-CT$/, label: 'established connections'},
	{where: / (DOCKER|DOCKER-BRIDGE|DOCKER-FORWARD|DOCKER-INGRESS)$/, label: 'Docker'},
	{where: / DOCKER_(OUTPUT|POSTROUTING)$/, label: "Docker's DNS"},
	{where: / (NETAVARK|CNI)[-_]/, label: 'Podman'},
	{where: /^netavark /, label: 'Podman'},
	{where: / ufw6?-(user|before-user|after-user)/, label: 'your ufw rule'},
	{where: / ufw6?-/, label: 'ufw'},
	{where: /^firewalld /, label: 'firewalld'},
	{where: / (KUBE|kube)-/, label: 'Kubernetes'},
	{where: / (cali|CILIUM)[-_]/, label: 'container network plugin'},
	{where: / (LIBVIRT|libvirt)_/, label: 'libvirt'},
	{where: / f2b-/, label: 'fail2ban'},
	{where: /^\S+ \S+$/, what: /-j MASQUERADE|\bmasquerade\b/, label: 'masquerade'},
];
