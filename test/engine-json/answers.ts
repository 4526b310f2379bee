import {readFileSync} from 'node:fs';
import type {ApiContainer, ApiInfo, ApiNetwork, ApiSummary, ApiVersion} from '../../source/engine/api.js';
import {containerFrom} from '../../source/engine/containers.js';
import {networkFrom} from '../../source/engine/networks.js';

export interface Answers {
	version: ApiVersion;
	info: ApiInfo;
	networks: ApiNetwork[];
	containers: ApiSummary[];
	inspections: ApiContainer[];
}

export type Maker = 'docker-20.10' | 'docker-26.1' | 'docker-28.5' | 'podman-4.3';

/** What a real engine answered (captured over its socket; long fields that dockhop never reads were left out). */
export function answersOf(maker: Maker): Answers {
	return JSON.parse(readFileSync(new URL(`${maker}.json`, import.meta.url), 'utf8'));
}

export function containersOf(maker: Maker) {
	const {networks, inspections} = answersOf(maker);
	const converted = networks.map(networkFrom);
	return inspections.map(api => containerFrom(api, converted));
}

export function containerNamed(maker: Maker, name: string) {
	const found = containersOf(maker).find(container => container.name === name);
	if (!found) throw new Error(`${maker} has no container ${name}`);
	return found;
}
