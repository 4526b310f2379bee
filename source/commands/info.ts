import type {ProgramHere, Snapshot} from '../model/index.js';
import {markdownTable} from '../rows/markdown.js';
import {plainTable} from '../rows/plain.js';
import {programRows, readerRows, readers} from '../rows/readers.js';
import {EngineError, HelperError} from '../session/session.js';
import type {Command} from './command.js';
import {exitCodes} from './exit-codes.js';
import {version} from './version.js';

/**
 * `dockhop info`: versions, how the kernel is read, and what could not be read with the reason. Where no engine answers it says all the
 * rest, why there is none and what was tried, and then fails as every command does.
 */
export const info: Command = {
	name: 'info',
	words: 'versions, and what can be read here, what not and why',
	more: 'versions, and what can be read here, what not and why (also where no engine answers), ready to paste (`--format markdown`) into a report; it holds no environment variable, label or URL of a request',
	arguments: [],
	options: [],
	async run({session, options, output}) {
		const lost = await session()
			.ready()
			.then(() => null, engineLost);
		const reading = lost ? session().withoutEngine(lost.gap) : session().read({containers: [], names: [], hostSockets: true});
		if (lost && reading === null) throw lost;
		const [snapshot, programs] = await Promise.all([reading as Promise<Snapshot>, session().programs()]);
		const tables = [readerRows(snapshot), ...(programs.length > 0 ? [programRows(programs)] : [])];
		if (options.format === 'json') output.document(infoDocument(snapshot, programs, lost));
		else if (options.format === 'markdown')
			output.lines([...infoLines(snapshot, lost).flatMap(line => [line, '']), ...tables.flatMap(table => [...markdownTable(table), ''])]);
		else output.lines([...infoLines(snapshot, lost), ...tables.flatMap(table => ['', ...plainTable(table, output.width)])]);
		if (lost) throw lost;
		return exitCodes.fine;
	},
};

/** A helper that cannot be had is an option that cannot be followed: it is no reason to read without it. */
function engineLost(error: unknown): EngineError {
	if (error instanceof EngineError && !(error instanceof HelperError)) return error;
	throw error;
}

function infoLines({hostName, engine, vantage, takenAt}: Snapshot, lost: EngineError | null): string[] {
	return [
		`dockhop ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
		...(engine.read ? engineLines(engine.value) : [`engine: none (${lost?.message ?? engine.gap.why})`]),
		...(lost?.tried ?? []).map(({what, result}) => `  tried ${what}: ${result}`),
		`host: ${hostName}, read at ${takenAt}`,
		`vantage: ${vantage.words}`,
	];
}

function engineLines(engine: Extract<Snapshot['engine'], {read: true}>['value']): string[] {
	const {version: number, apiVersion, flavour, url, chosenBy, operatingSystem, kernelVersion, firewallBackend} = engine;
	return [
		`engine: ${flavour} ${number} (API ${apiVersion}) at ${url}, chosen by ${chosenBy}`,
		`system: ${operatingSystem}, kernel ${kernelVersion}${firewallBackend ? `, firewall ${firewallBackend}` : ''}`,
	];
}

function infoDocument(snapshot: Snapshot, programs: ProgramHere[], lost: EngineError | null): object {
	const {engine, hostName, takenAt, vantage} = snapshot;
	return {
		schema: 'dockhop.info/1',
		dockhop: version,
		node: process.versions.node,
		hostName,
		takenAt,
		vantage: {kind: vantage.kind, words: vantage.words},
		engine: engine.read ? {...engine.value, networks: undefined, containers: undefined} : null,
		...(lost ? {whyNoEngine: {why: lost.message, tried: lost.tried, advice: lost.advice}} : {}),
		readers: readers(snapshot),
		programs,
	};
}
