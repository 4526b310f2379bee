export {assemble, type Readings, withReadings} from './assemble.js';
export {unreadContainer, unreadHost} from './unread.js';
