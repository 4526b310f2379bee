import type {CauseId} from '../../model/index.js';
import type {Entry} from './entry.js';
import {firewallCauses} from './firewall-causes.js';
import {linkCauses} from './link-causes.js';
import {socketCauses} from './socket-causes.js';

/** Why a request stops: what that means, how to see it, what can be done. */
export const causeWords: Record<CauseId, Entry> = {...socketCauses, ...firewallCauses, ...linkCauses};
