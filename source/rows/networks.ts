import type {Network, Snapshot} from '../model/index.js';
import {containersOn, engineOf} from './inventory.js';
import {type Table, tableOf} from './table.js';

/** Every network of the engine: name, driver, subnets, bridge, and how many containers (stopped ones too) have an endpoint in it. */
export function networkRows(snapshot: Snapshot): Table {
	return tableOf<Network>(
		[
			{title: 'NAME', shrink: 2, cell: network => network.name},
			{title: 'DRIVER', cell: network => network.driver},
			{title: 'SUBNET', shrink: 1, cell: network => network.subnets.map(({subnet}) => subnet).join(', ') || '-'},
			{title: '#', align: 'right', cell: network => String(containersOn(snapshot, network.id).length)},
		],
		engineOf(snapshot).networks,
		network => network.id,
	);
}
