import {type Gap, type Group, type Process, unknownIds} from '../model/index.js';
import {flag, number, object, oneOf, orNull, type Shape, text} from './shape.js';

/** Facts that were read, or the reason why not. */
export function group<T>(shape: Shape<T>): Shape<Group<T>> {
	const read = object({read: flag, value: shape, source: text, command: text});
	return (value, place) => ((value as {read?: unknown} | null)?.read === true ? read : unread)(value, place);
}

/** Why something could not be read. */
export const gap = object<Gap>({id: oneOf(...unknownIds), why: text, tell: text});
const unread = object({read: flag, gap});

export const proto = oneOf('tcp', 'udp', 'sctp');

export const process = object<Process>({pid: number, name: text, state: text, frozen: orNull(flag), container: orNull(text)});
