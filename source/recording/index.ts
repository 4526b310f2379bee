export {demoText} from './demo.js';
export {load, parseRecording, RecordingError} from './load.js';
export {save} from './save.js';
