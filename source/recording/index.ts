export {demoText} from './demo.js';
export {load, parseRecording, RecordingError} from './load.js';
export {save, saveNew} from './save.js';
