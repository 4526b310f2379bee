import {namedFaults} from './named.ts';

namedFaults('20.10');
