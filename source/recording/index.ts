export {demoPath} from './demo.js';
export {load, RecordingError} from './load.js';
export {save} from './save.js';
