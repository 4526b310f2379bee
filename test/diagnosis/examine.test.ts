import {beforeAll, describe, expect, it} from 'vitest';
import {doctorExitCode} from '../../source/commands/exit-codes.js';
import {examine} from '../../source/diagnosis/examine.js';
import {containerNamed} from '../../source/diagnosis/inventory.js';
import type {Snapshot} from '../../source/model/index.js';
import {recorded} from './recorded.js';

describe.each(['20', '26', '28'])('what doctor could not check on the recording of engine %s', engine => {
	let snapshot: Snapshot;
	beforeAll(async () => {
		snapshot = await recorded(engine);
	});

	it('all was read: nothing', () => {
		expect(examine(snapshot, []).notChecked).toEqual([]);
	});

	it('a running container that was not looked into is told, and is no exit 0', () => {
		const {[idOf(snapshot, 'app')]: _, ...containers} = snapshot.containers;
		const {notChecked} = examine({...snapshot, containers}, []);
		expect(notChecked).toEqual([{id: 'not-read', why: 'the inside of app: it was not read', tell: 'dockhop doctor'}]);
		expect(doctorExitCode({findings: [], notChecked})).toBe(3);
	});
});

function idOf(snapshot: Snapshot, name: string): string {
	const container = containerNamed(snapshot, name);
	if (container === null) throw new Error(`the recording has no ${name}`);
	return container.id;
}
