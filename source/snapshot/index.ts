export {assemble, type Readings, withReadings} from './assemble.js';
export * from './containers.js';
export * from './links.js';
export * from './netns.js';
export {type HostFacts, unreadContainer, unreadHost, unreadNetns} from './unread.js';
