export type {EngineAddress, NoAddress, Tried} from './address.js';
export {whoAsks} from './asker.js';
export {connect, type EngineClient} from './connect.js';
export {type Choice, findEndpoint} from './endpoint.js';
export {engineEvents} from './events.js';
export {type ExecOptions, type ExecResult, execIn} from './exec.js';
export {explainFailure} from './failure.js';
export {type Inventory, readInventory} from './inventory.js';
export {pace} from './pace.js';
