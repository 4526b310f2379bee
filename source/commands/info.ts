import type {Snapshot} from '../model/index.js';
import {markdownTable} from '../rows/markdown.js';
import {plainTable} from '../rows/plain.js';
import {readerRows, readers} from '../rows/readers.js';
import type {Command} from './command.js';
import {exitCodes} from './exit-codes.js';
import {version} from './version.js';

/** `dockhop info`: versions, how the kernel is read, and what could not be read with the reason. */
export const info: Command = {
	name: 'info',
	words: 'versions, and what can be read here, what not and why',
	arguments: [],
	options: [],
	async run({session, options, output}) {
		await session().ready();
		const snapshot = await session().read({containers: [], names: [], hostSockets: true});
		if (options.format === 'json') output.document(infoDocument(snapshot));
		else if (options.format === 'markdown')
			output.lines([...infoLines(snapshot).flatMap(line => [line, '']), ...markdownTable(readerRows(snapshot))]);
		else output.lines([...infoLines(snapshot), '', ...plainTable(readerRows(snapshot), output.width)]);
		return exitCodes.fine;
	},
};

function infoLines({hostName, engine, vantage, takenAt}: Snapshot): string[] {
	return [
		`dockhop ${version}, Node ${process.versions.node}`,
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

function infoDocument(snapshot: Snapshot): object {
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
	};
}
