import {setImmediate} from 'node:timers/promises';
import type {Engine, Network} from '../model/index.js';
import {aboutFrom} from './about.js';
import type {ApiContainer, ApiInfo, ApiNetwork, ApiSummary, ApiVersion} from './api.js';
import type {EngineClient} from './connect.js';
import {asInspection, containerFrom, toldByList} from './containers.js';
import {NotAnEngine} from './failure.js';
import {helperLabel} from './helper.js';
import {readMesh} from './mesh.js';
import {networkFrom, withGateways} from './networks.js';
import {withPodmanBridges} from './podman.js';
import {inPool} from './pool.js';

/** The inventory with the answers it was made of, by which the next reading inspects only what changed. */
export interface Inventory {
	engine: Engine;
	inspections: Map<string, {state: string; api: ApiContainer}>;
	about: {version: ApiVersion; info: ApiInfo};
}

/** What is known from the reading before, and who wants to know early. */
interface Reading {
	before?: Inventory;
	/** Ids that events have named since. */
	changed?: ReadonlySet<string>;
	/** Called with what the lists alone say, before the inspections are there. */
	listed?(engine: Engine): void;
	/**
	 * Where only names, states, addresses and published ports are wanted: processes of running containers as the kernel shows them, by
	 * container id. Then those are inspected alone of which the list does not say all of that.
	 */
	pids?(): Record<string, number>;
}

/**
 * Reads the engine: version, info, networks and containers once each, and every container's inspection at most once, a few at a time.
 * After events only new and changed containers are inspected again. Rejects where the engine does not answer; a container that goes away
 * meanwhile is left out.
 */
export async function readInventory(client: EngineClient, {before, changed = new Set(), listed, pids}: Reading = {}): Promise<Inventory> {
	const [version, info, apiNetworks, summaries] = await Promise.all([
		before?.about.version ?? client.get('/version').then(asObject<ApiVersion>),
		before?.about.info ?? client.get('/info').then(asObject<ApiInfo>),
		client.get('/networks').then(asList<ApiNetwork>),
		client
			.get('/containers/json', {all: true})
			.then(asList<ApiSummary>)
			.then(withoutHelpers),
	]);
	const about = aboutFrom(client.address, version, info);
	const networks = await withPodmanBridges(client, about.flavour, apiNetworks.map(networkFrom));
	const reading = readMesh(client, networks);
	if (listed) {
		listed(engineFrom(about, networks, summaries.map(asInspection)));
		// A screen is drawn before the answers of a hundred inspections come in.
		await setImmediate();
	}
	const told = pids && about.flavour !== 'podman' ? toldByList(summaries, networks, pids()) : new Map<string, ApiContainer>();
	const inspections = await inspectAll(client, summaries, told, before, changed);
	const apis = [...inspections.values()].map(({api}) => api);
	const mesh = await reading;
	return {engine: {...engineFrom(about, networks, apis), ...(mesh ? {mesh} : {})}, inspections, about: {version, info}};
}

function engineFrom(about: ReturnType<typeof aboutFrom>, networks: Network[], inspections: ApiContainer[]): Engine {
	const containers = inspections.map(api => containerFrom(api, networks));
	return {...about, networks: withGateways(networks, containers).sort((a, b) => a.name.localeCompare(b.name)), containers};
}

async function inspectAll(
	client: EngineClient,
	summaries: ApiSummary[],
	told: ReadonlyMap<string, ApiContainer>,
	before: Inventory | undefined,
	changed: ReadonlySet<string>,
) {
	const found = await inPool(client.parallel, summaries, async summary => {
		const id = String(summary.Id);
		const state = String(summary.State);
		const listed = told.get(id);
		if (listed) return [id, {state, api: listed}] as const;
		const known = before?.inspections.get(id);
		if (known?.state === state && !changed.has(id)) return [id, known] as const;
		const api = await inspect(client, summary);
		return api ? ([id, {state, api}] as const) : null;
	});
	return new Map(found.filter(entry => entry !== null));
}

/** null where it is gone. An engine that cannot inspect one container (a broken one answers 500) still lists it. */
async function inspect(client: EngineClient, summary: ApiSummary): Promise<ApiContainer | null> {
	try {
		const api = await client.get(`/containers/${encodeURIComponent(String(summary.Id))}/json`);
		return isObject(api) ? (api as ApiContainer) : asInspection(summary);
	} catch (error) {
		const {statusCode} = error as {statusCode?: number};
		if (statusCode === 404) return null;
		if (statusCode === 500) return asInspection(summary);
		throw error;
	}
}

/** What dockhop itself has started to look at the host is no part of what it looks at. */
function withoutHelpers(summaries: ApiSummary[]): ApiSummary[] {
	return summaries.filter(({Labels}) => Labels?.[helperLabel] === undefined);
}

/** Some engines write null for an empty list. */
function asList<T>(answer: unknown): T[] {
	if (answer !== null && !Array.isArray(answer)) throw new NotAnEngine();
	return answer ?? [];
}

function asObject<T>(answer: unknown): T {
	if (!isObject(answer)) throw new NotAnEngine();
	return answer as T;
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null && !Buffer.isBuffer(value);
}
