import {expect, test} from 'vitest';
import {afterCommand} from '../../source/diagnosis/trial.js';
import {sysctl} from './changed.js';
import {pathOn, recorded, withRule} from './recorded.js';

test('a rule that lets the request pass is walked, and what then stops its answer is part of the remedy', async () => {
	const snapshot = withRule(withRule(await recorded('28'), '-A DOCKER-USER -i docker0 -o eth0 -j DROP'), '-A DOCKER-USER -i eth0 -j DROP');
	const [finding] = pathOn(snapshot, 'www:80', 'lan').findings;
	const request = 'iptables -t filter -I DOCKER-USER 1 -i eth0 -d \\S+ -p tcp --dport 80 -j ACCEPT';
	const answer = 'iptables -t filter -I DOCKER-USER 3 -i docker0 -s \\S+ -p tcp --sport 80 -j ACCEPT';
	expect(finding?.remedy).toMatch(new RegExp(`^${request} && ${answer}$`));
});

test('what a command does: rules, switches and routes', async () => {
	const snapshot = withRule(sysctl('net.ipv4.ip_forward', '0')(await recorded('28')), '-A DOCKER-USER -i eth0 -j DROP');
	const passing = afterCommand(snapshot, 'iptables -t filter -I DOCKER-USER 1 -i eth0 -p tcp --dport 80 -j ACCEPT');
	expect(passing?.host.rulesets.iptables).toMatchObject({value: expect.stringMatching(/-A DOCKER-USER .*ACCEPT\n.*-A DOCKER-USER .*DROP/)});
	expect(afterCommand(snapshot, 'sysctl -w net.ipv4.ip_forward=1')?.host.sysctls).toMatchObject({value: {'net.ipv4.ip_forward': '1'}});
	const routes = afterCommand(snapshot, 'ip route del default via 10.99.0.2 dev eth0')?.host.routes;
	expect(routes?.read && routes.value.some(({dst}) => dst === '0.0.0.0/0')).toBe(false);
});

test('what is not known here is not guessed', async () => {
	const snapshot = await recorded('28');
	for (const command of [
		'docker restart www',
		'ip route del 203.0.113.0/24 dev eth0',
		'iptables -t filter -I NOWHERE 1 -j ACCEPT',
		"sh -c 'x'",
	])
		expect(afterCommand(snapshot, command)).toBeNull();
});
