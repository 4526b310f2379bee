/** One question of a new user, and the keys that answer it, from a fresh start of the explorer. */
export interface Task {
	/** Of its picture: docs/tour/NAME.svg. */
	name: string;
	question: string;
	/** Keys in their order, and what stands on the screen after them. */
	steps: readonly Step[];
	/** What a person reads there. */
	answer: string;
}

export interface Step {
	keys: readonly Key[];
	sees: readonly RegExp[];
}

/** A key by its name, or a character that is typed. */
export type Key = string;

/** Every key counts, typed characters too. */
export const mostKeys = 10;

export const tasks: readonly Task[] = [
	{
		name: 'who-answers',
		question: 'Which process answers on port 8080, and on which address?',
		steps: [
			{
				keys: [':', ...':8080', 'enter'],
				sees: [/ process +httpd \(\d+\)( in www)? +sees /, /port 80\/tcp .*\[::\]:80, listening/, /┏━ 3 Request flow .*delivered/],
			},
		],
		answer:
			'httpd in the container www, which listens on [::]:80: every address of the container. In front of it docker-proxy holds port 8080 of this host.',
	},
	{
		name: 'cannot-reach',
		question: 'Why can `app` not reach `other`?',
		steps: [
			{
				keys: [':', 'o', 'tab', 'tab', 'a', 'tab', 'enter'],
				sees: [/┏━ 3 Request flow .*app → other:80.*blocked/, /✗ +2 .*dns other in app/],
			},
			{keys: ['d'], sees: [/different-networks/, /docker network connect \w+ \w+/]},
		],
		answer:
			'They share no network, so the embedded DNS of the one does not know the name of the other. `docker network connect` joins them.',
	},
	{
		name: 'seen-as',
		question: 'Which client address does `www` see: from the host, from the LAN, from a container?',
		steps: [
			{keys: [':', 'w', 'w', 'tab', 'enter'], sees: [/host → www:80.*delivered/, /sees 172\.\d+\.0\.1 /]},
			{keys: ['o', '3'], sees: [/lan → www:80.*delivered/, /sees 10\.99\.0\.2 /]},
			{keys: ['o', '5'], sees: [/app → www:80.*delivered/, /sees 172\.18\.0\.\d+ /]},
		],
		answer:
			"From the host the bridge's address, because docker-proxy asks; from the LAN the client's own; from a container that of the container.",
	},
	{
		name: 'which-rule',
		question: 'Which rule forwards port 9090, and which command shows it?',
		steps: [
			{keys: [':', ':', '9', 'tab', 'tab', 'l', 'tab', 'enter'], sees: [/lan → page:80.*delivered/]},
			{
				keys: ['down', 'down'],
				sees: [/▸✓ +3 .*DNAT, DOCKER rule \d+/, /by +nat DOCKER rule \d+ .*--dport 9090/, /iptables -t nat -nvL DOCKER --line-numbers/],
			},
		],
		answer: 'The DNAT rule of the chain DOCKER that the third hop names; `iptables -t nat -nvL DOCKER --line-numbers` shows it.',
	},
	{
		name: 'what-else',
		question: 'A request stops at a firewall. What else would stop it behind that?',
		steps: [
			{keys: [':', 's', 'tab', 'tab', 'l', 'tab', 'enter'], sees: [/lan → shy:80.*blocked/]},
			{keys: ['d'], sees: [/DOCKER-USER/, /listens-on-loopback/, /127\.0\.0\.1/]},
		],
		answer:
			'Behind the rule in DOCKER-USER the program of `shy` listens on 127.0.0.1 alone: with the rule gone, the request would still not arrive.',
	},
];

/** The keys of a task, all of them. */
export function keysOf({steps}: Task): Key[] {
	return steps.flatMap(({keys}) => [...keys]);
}
