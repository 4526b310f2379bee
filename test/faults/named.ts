import {describe, expect, it} from 'vitest';
import {type EngineName, engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {allFaults as all} from './all.ts';
import {doctor, flow, note, why} from './ask.ts';
import {type FaultCase, run} from './fault.ts';
import {sceneOfIpv6} from './ipv6.ts';

/** Every fault that has a name, made on one engine, found, mended and undone. */
export function namedFaults(engine: EngineName): void {
	describe.runIf(engines.includes(engine))(`faults on engine ${engine}`, () => {
		const lab = useLab({engine}, async started => {
			await sceneSix(started);
			await sceneOfIpv6(started);
			await run(started, 'quiet', '--network', 'appnet', 'busybox', 'sleep', '3600');
			// What listens nowhere is "not ready yet" while it is young.
			await new Promise(resolve => setTimeout(resolve, 10_000));
		});

		it('a healthy host: nothing found, exit code 0', async () => {
			const ran = await lab().dockhop('doctor', '--json');
			expect(JSON.parse(ran.stdout)).toMatchObject({findings: [], notChecked: []});
			expect(ran.code).toBe(0);
		});

		it.each(all.filter(({not}) => !not?.includes(engine)))('$name', async fault => {
			await note(engine, fault.name, fault.id, 'missed');
			await fault.make(lab());
			try {
				const remedies = await looks(lab(), fault);
				await note(engine, fault.name, fault.id, 'found');
				if (fault.remedy) {
					await lab().host(['sh', '-c', remedies]);
					await arrives(lab(), fault);
					await note(engine, fault.name, fault.id, 'found, and the remedy works');
				}
			} finally {
				await fault.undo(gentle(lab()));
			}
			if (fault.doctor === undefined) expect((await doctor(lab(), [])).findings.map(({id, summary}) => `${id}: ${summary}`)).toEqual([]);
		});

		it.each(pairs)('two at once: %s, and %s', async (one, other) => {
			const both = [one, other].map(name => all.find(fault => fault.name === name)).filter(fault => fault !== undefined);
			expect(both).toHaveLength(2);
			const title = `${one}; and ${other}`;
			const ids = both.map(({id}) => id);
			await note(engine, title, ids.join(', '), 'missed');
			try {
				for (const fault of both) await fault.make(lab());
				const found = (await doctor(lab())).findings;
				expect(
					found.map(({id}) => id),
					JSON.stringify(found, null, 1),
				).toEqual(expect.arrayContaining(ids));
				await note(engine, title, ids.join(', '), 'found, both');
				const [first, second] = both;
				// On one way the first decides, and the other is told as what would stop the request behind it.
				if (first?.flow && first.flow.join() === second?.flow?.join()) {
					const path = await flow(lab(), first.flow);
					expect(path.findings.map(({id}) => id).toSorted(), why(path)).toEqual(ids.toSorted());
				}
			} finally {
				for (const fault of both.toReversed()) await fault.undo(gentle(lab()));
			}
			expect((await doctor(lab())).findings).toEqual([]);
		});
	});
}

/** What the remedy has undone already need not be undone again. */
function gentle(lab: Lab): Lab {
	const host: Lab['host'] = (argv, options) => lab.host(argv, {...options, mayFail: true});
	return {...lab, host, docker: async (...args) => (await host(['docker', ...args])).stdout.trim()};
}

/** Doctor and flow both name the fault, at the right kind of hop; gives the remedy. */
async function looks(lab: Lab, {id, doctor: asked = [], flow: request, at, remark, untold}: FaultCase): Promise<string> {
	const seen = asked === null ? null : await doctor(lab, asked);
	const finding = seen?.findings.find(one => one.id === id);
	if (seen)
		expect(
			seen.findings.map(one => one.id),
			JSON.stringify(seen.findings, null, 1),
		).toContain(id);
	if (!request) return finding?.remedy ?? '';
	const path = await flow(lab, request);
	if (untold) {
		expect(path.verdict, why(path)).toBe('undetermined');
		expect(at, why(path)).toContain(path.hops.find(({verdict}) => verdict === 'undetermined')?.kind);
		return '';
	}
	if (remark) {
		expect(['delivered', 'forwarded'], why(path)).toContain(path.verdict);
		const said = path.findings.find(one => one.id === id);
		expect(at, why(path)).toContain(path.hops[said?.hop ?? -1]?.kind);
		return said?.remedy ?? '';
	}
	expect(path.verdict, why(path)).toBe('blocked');
	if (at) expect(at, why(path)).toContain(path.hops[path.blockedAt ?? -1]?.kind);
	const own = path.findings.find(one => one.severity === 'error');
	expect(own?.hop, why(path)).toBe(path.blockedAt);
	if (seen === null) expect(own?.id, why(path)).toBe(id);
	return path.findings.find(one => one.id === id)?.remedy ?? finding?.remedy ?? own?.remedy ?? '';
}

/** After the remedy the request arrives, as explained and for real; without a request the finding is gone. */
async function arrives(lab: Lab, {id, doctor: asked, flow: request, real}: FaultCase): Promise<void> {
	if (real) expect((await lab.host(real, {mayFail: true})).code).toBe(0);
	if (!request) {
		expect((await doctor(lab, asked ?? [])).findings.map(one => one.id)).not.toContain(id);
		return;
	}
	const path = await flow(lab, request);
	expect(['delivered', 'forwarded'], why(path)).toContain(path.verdict);
	expect(path.findings.map(one => one.id)).not.toContain(id);
	if (request.includes('lan')) {
		const port = /:80$/.test(request[0] ?? '') ? published[request[0]?.split(':')[0] ?? ''] : undefined;
		if (port)
			expect(
				(await lab.lan(['curl', '-sS', '-m', '4', '-o', '/dev/null', `http://${lab.address.host}:${port}/`], {mayFail: true})).code,
			).toBe(0);
	} else if (path.verdict === 'delivered') {
		const {probe} = JSON.parse((await lab.dockhop('probe', ...request, '--json')).stdout);
		expect(probe).toMatchObject({reached: true, agreement: true});
	}
}

/** Ports of the scene, by which the LAN really asks. */
const published: Record<string, number> = {www: 8080, web: 8081, side: 8686};

/** In different places, and on one and the same way. */
const pairs: [string, string][] = [
	['a DROP in DOCKER-USER', 'paused'],
	['a DROP in DOCKER-USER', 'forwarding switched off'],
	['forwarding switched off', 'a blackhole route'],
	['a DROP in a table of nftables', 'a veth is down'],
	['a veth is not in its bridge', 'a DROP inside the container'],
	['stopped', 'a wrong permanent neighbour entry'],
	['a container has lost its default route', 'a bridge is down'],
	['two containers with one MAC address', 'a REJECT in INPUT, met through docker-proxy'],
	['the masquerading rules were flushed', 'paused'],
	['its health check fails', 'the program listens on 127.0.0.1 alone'],
	['published to the wrong port of the container', 'a docker-proxy has outlived its container'],
	['iptables-legacy drops what is forwarded', 'a container has lost its address'],
];
