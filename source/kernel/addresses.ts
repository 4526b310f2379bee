import type {Address, Group} from '../model/index.js';
import {type Fields, numberOf, parseRecords, recordsOf, requiredNumber, requiredText, textOf} from './json.js';
import {readProgram} from './program.js';

/** The addresses of a network namespace (ip-address(8)). */
export function readAddresses(enter: readonly string[]): Promise<Group<Address[]>> {
	return readProgram(enter, ['ip', '-j', 'addr'], parseAddresses);
}

/** What `ip -j addr` printed. Throws where that is no list of links with addresses. */
export function parseAddresses(text: string): Address[] {
	return parseRecords(text).flatMap(link =>
		recordsOf(link, 'addr_info')
			.filter(info => textOf(info, 'family')?.startsWith('inet'))
			.map(info => toAddress(requiredText(link, 'ifname'), info)),
	);
}

function toAddress(link: string, info: Fields): Address {
	return {
		link,
		family: textOf(info, 'family') === 'inet6' ? 6 : 4,
		address: requiredText(info, 'local'),
		prefix: requiredNumber(info, 'prefixlen'),
		peer: textOf(info, 'address'),
		scope: textOf(info, 'scope') ?? String(numberOf(info, 'scope') ?? ''),
		flags: Object.keys(info).filter(name => info[name] === true),
	};
}
