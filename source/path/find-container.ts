import type {Container} from '../model/index.js';
import type {Usage} from './explanation.js';

/** Finds a container by its name, an id prefix, or a compose service (alone or as PROJECT/SERVICE); several are an error that lists them. */
export function findContainer(containers: Container[], text: string): Container | Usage {
	const name = text.replace(/^\//, '');
	const exact = containers.find(one => one.name === name) ?? containers.find(one => one.id === name);
	if (exact) return exact;
	const services = containers.filter(one => one.composeService === name || `${one.composeProject}/${one.composeService}` === name);
	const byId = /^[0-9a-f]{4,}$/.test(name) ? containers.filter(one => one.id.startsWith(name)) : [];
	const found = services.length > 0 ? services : byId;
	if (found.length === 1 && found[0]) return found[0];
	if (found.length > 1) return {usage: `'${text}' is several containers: ${list(found.map(one => one.name))}; name one of them`};
	const near = containers.map(one => one.name).filter(one => distance(one, name) <= Math.max(1, Math.floor(name.length / 3)));
	if (near.length > 0) return {usage: `no container is called '${text}'; did you mean ${list(near)}?`};
	return {usage: `no container is called '${text}'; dockhop containers lists them`};
}

/** At most eight names, the rest counted. */
export function list(names: string[]): string {
	const rest = names.length > 8 ? ` and ${names.length - 8} more` : '';
	return names.slice(0, 8).join(', ') + rest;
}

/** Levenshtein's distance, for names of a terminal's width. */
function distance(a: string, b: string): number {
	let row = Array.from({length: b.length + 1}, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}
