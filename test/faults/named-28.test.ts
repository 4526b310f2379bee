import {namedFaults} from './named.ts';

namedFaults('28.5');
