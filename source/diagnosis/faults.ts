import type {Fault} from './fault.js';

/** Every named fault, in the order in which one hides the other at the same hop. */
export const faults: readonly Fault[] = [];
