import {bridgeRows} from '../rows/bridges.js';
import {containerRows} from '../rows/containers.js';
import {bridgesDocument, containersDocument, networksDocument} from '../rows/json.js';
import {networkRows} from '../rows/networks.js';
import {emptyWords} from '../rows/words/en.js';
import {listCommand} from './list.js';

export const networks = listCommand({
	name: 'networks',
	words: 'the networks of the engine',
	rows: networkRows,
	document: networksDocument,
	empty: emptyWords.networks,
});

export const containers = listCommand({
	name: 'containers',
	words: 'the containers, stopped ones too, with their addresses and ports',
	rows: snapshot => containerRows(snapshot, null),
	document: containersDocument,
	empty: emptyWords.containers,
});

export const bridges = listCommand({
	name: 'bridges',
	words: 'what `brctl show` shows, for every Docker bridge',
	rows: bridgeRows,
	document: bridgesDocument,
	empty: emptyWords.bridges,
});
