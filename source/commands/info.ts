import type {ProgramHere, Snapshot} from '../model/index.js';
import {markdownTable} from '../rows/markdown.js';
import {plainTable} from '../rows/plain.js';
import {programRows, readerRows, readers} from '../rows/readers.js';
import type {Command} from './command.js';
import {exitCodes} from './exit-codes.js';
import {version} from './version.js';

/** `dockhop info`: versions, how the kernel is read, and what could not be read with the reason. */
export const info: Command = {
	name: 'info',
	words: 'versions, and what can be read here, what not and why',
	more: 'versions, and what can be read here, what not and why, ready to paste (`--format markdown`) into a report; it holds no environment variable, label or URL of a request',
	arguments: [],
	options: [],
	async run({session, options, output}) {
		await session().ready();
		const [snapshot, programs] = await Promise.all([session().read({containers: [], names: [], hostSockets: true}), session().programs()]);
		const tables = [readerRows(snapshot), ...(programs.length > 0 ? [programRows(programs)] : [])];
		if (options.format === 'json') output.document(infoDocument(snapshot, programs));
		else if (options.format === 'markdown')
			output.lines([...infoLines(snapshot).flatMap(line => [line, '']), ...tables.flatMap(table => [...markdownTable(table), ''])]);
		else output.lines([...infoLines(snapshot), ...tables.flatMap(table => ['', ...plainTable(table, output.width)])]);
		return exitCodes.fine;
	},
};

function infoLines({hostName, engine, vantage, takenAt}: Snapshot): string[] {
	return [
		`dockhop ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
		...(engine.read ? engineLines(engine.value) : [`engine: ${engine.gap.why}`]),
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

function infoDocument(snapshot: Snapshot, programs: ProgramHere[]): object {
	const {engine, hostName, takenAt, vantage} = snapshot;
	return {
		schema: 'dockhop.info/1',
		dockhop: version,
		node: process.versions.node,
		hostName,
		takenAt,
		vantage: {kind: vantage.kind, words: vantage.words},
		engine: engine.read ? {...engine.value, networks: undefined, containers: undefined} : null,
		readers: readers(snapshot),
		programs,
	};
}
