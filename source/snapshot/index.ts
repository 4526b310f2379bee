export {assemble, type Readings, withReadings} from './assemble.js';
