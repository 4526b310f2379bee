import {expect, it} from 'vitest';
import {parseTraffic, trafficBetween} from '../../source/trace/traffic.js';

/** Of a container on kernel 6.18. */
const dev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     210       3    0    0    0     0          0         0      210       3    0    0    0     0       0          0
  eth0:    1426      17    0    0    0     0          0         0      126       5    0    0    0     0       0          0
`;

it('reads what each link has received and sent', () => {
	expect(parseTraffic(dev)).toEqual([
		{interface: 'lo', received: 3, sent: 3},
		{interface: 'eth0', received: 17, sent: 5},
	]);
	expect(parseTraffic('')).toEqual([]);
	expect(parseTraffic('eth0: 1 2 3\nnonsense: x')).toEqual([]);
});

it('tells what came meanwhile, and nothing of a link that is new', () => {
	const after = parseTraffic(dev.replace('    17 ', '    19 ').replace('lo:', 'new0:'));
	expect(trafficBetween('host', parseTraffic(dev), after)).toEqual([{place: 'host', interface: 'eth0', received: 2, sent: 0}]);
});
