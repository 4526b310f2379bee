import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {eventFrom} from '../../source/engine/events.js';
import {pace} from '../../source/engine/pace.js';
import lines from './events.json' with {type: 'json'};

test.each(Object.entries(lines))('%s: the events of a container’s life, and none of exec', (_, captured) => {
	const kept = captured.filter(line => eventFrom(line) !== null).map(line => JSON.parse(line).Action.split(':')[0]);
	const left = captured.filter(line => eventFrom(line) === null).map(line => JSON.parse(line).Action.split(':')[0]);
	expect(kept).toEqual(expect.arrayContaining(['create', 'start', 'pause', 'unpause', 'rename']));
	for (const action of left) expect(action).toMatch(/^exec|^attach|^mount|^unmount|^pull|^sync|^resize|^top/);
});

test('an event names the containers that it changes', () => {
	for (const line of Object.values(lines).flat()) {
		const event = JSON.parse(line);
		const id = event.Type === 'container' ? event.Actor.ID : event.Actor.Attributes.container;
		if (eventFrom(line)) expect(eventFrom(line)?.containers).toEqual(id ? [id] : []);
	}
});

test.each(['', 'no JSON', 'null', '{}', '{"Action":7}', '{"Type":"container","Action":"start"}'])('%j is borne', line => {
	expect(eventFrom(line)?.containers ?? []).toEqual([]);
});

test('what a helper container does changes nothing', () => {
	const event = (attributes: object, type = 'container') =>
		JSON.stringify({Type: type, Action: type === 'network' ? 'connect' : 'start', Actor: {ID: 'a', Attributes: attributes}});
	expect(eventFrom(event({'dockhop.helper': '1 2 pid:[3]'}))).toBeNull();
	expect(eventFrom(event({container: 'a', type: 'host'}, 'network'))).toBeNull();
	expect(eventFrom(event({container: 'a', type: 'bridge'}, 'network'))).toEqual({containers: ['a']});
	expect(eventFrom(event({}))).toEqual({containers: ['a']});
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a burst is one reading, 200 ms after its end', () => {
	const seen: number[][] = [];
	const {add} = pace<number>(items => seen.push(items));
	for (const item of [1, 2, 3]) {
		add(item);
		vi.advanceTimersByTime(150);
	}
	expect(seen).toEqual([]);
	vi.advanceTimersByTime(50);
	expect(seen).toEqual([[1, 2, 3]]);
});

test('a storm is one reading per second, and nothing is forgotten', () => {
	const seen: number[][] = [];
	const {add} = pace<number>(items => seen.push(items));
	for (let item = 0; item < 100; item++) {
		add(item);
		vi.advanceTimersByTime(50);
	}
	vi.advanceTimersByTime(2000);
	expect(seen.length).toBeGreaterThanOrEqual(4);
	expect(seen.length).toBeLessThanOrEqual(6);
	expect(seen.flat()).toEqual(Array.from({length: 100}, (_, item) => item));
});

test('stopped, it forgets', () => {
	const act = vi.fn();
	const {add, stop} = pace<number>(act);
	add(1);
	stop();
	vi.advanceTimersByTime(5000);
	expect(act).not.toHaveBeenCalled();
});
