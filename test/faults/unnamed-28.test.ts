import {unnamedFaults} from './unnamed.ts';

unnamedFaults('28.5');
