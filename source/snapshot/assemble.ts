import type {ContainerFacts, DnsAnswer, Engine, Group, HostFacts, NetnsFacts, Snapshot, Vantage} from '../model/index.js';

/** The engine's inventory and the host's facts as one snapshot; `takenAt` in ISO form. */
export function assemble(engine: Group<Engine>, vantage: Vantage, facts: HostFacts, takenAt: string): Snapshot {
	const hostName = engine.read ? engine.value.hostName : '';
	return {schema: 'dockhop.snapshot/1', takenAt, hostName, vantage, engine, ...facts, containers: {}, answers: []};
}

/** What was read for one question, laid over a snapshot. Newer facts and answers take the place of older ones. */
export interface Readings {
	containers?: Record<string, ContainerFacts>;
	answers?: DnsAnswer[];
	hostSockets?: NetnsFacts['sockets'];
}

/** A new snapshot that holds the readings as well; the one given stays as it is. */
export function withReadings(snapshot: Snapshot, {containers = {}, answers = [], hostSockets}: Readings): Snapshot {
	const asked = new Set(answers.map(keyOf));
	return {
		...snapshot,
		host: hostSockets ? {...snapshot.host, sockets: hostSockets} : snapshot.host,
		containers: {...snapshot.containers, ...containers},
		answers: [...snapshot.answers.filter(answer => !asked.has(keyOf(answer))), ...answers],
	};
}

function keyOf({from, name}: Pick<DnsAnswer, 'from' | 'name'>): string {
	return JSON.stringify([from, name.toLowerCase()]);
}
