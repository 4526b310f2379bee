import {unnamedFaults} from './unnamed.ts';

unnamedFaults('20.10');
