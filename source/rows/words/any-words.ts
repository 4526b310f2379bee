import {isLoopback, isWithin} from '../../address/ip.js';
import type {Path, TracePlan} from '../../model/index.js';
import {endWords} from './en.js';

/** "www:80 (172.17.0.2:80; published at port 8080)": where whoever asks is waited for. */
export function anyWords({asks = []}: Pick<TracePlan, 'asks'>, {to}: Pick<Path, 'to'>): string {
	const all = asks.filter(({own}) => own);
	const global = all.filter(({address}) => !isLoopback(address) && !isLinkLocal(address));
	const own = global.length > 0 ? global : all;
	const ends = [...new Set(own.map(({address, port}) => endWords(address, port)))];
	const shown = ends.length > most ? `${ends.slice(0, most).join(', ')} and ${ends.length - most} more` : ends.join(', ');
	const ports = [...new Set(asks.filter(one => !one.own).map(({port}) => port))];
	const proto = to.proto === 'tcp' ? '' : `/${to.proto}`;
	const published = ports.length > 0 ? `; published at port ${ports.join(' and ')}` : '';
	return `${endWords(to.name, to.port)}${proto} (${shown}${published})`;
}

function isLinkLocal(address: string): boolean {
	return isWithin(address, 'fe80::/10') || isWithin(address, '169.254.0.0/16');
}

const most = 3;
