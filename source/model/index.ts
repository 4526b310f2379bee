export * from './cause.js';
export * from './engine.js';
export * from './evidence.js';
export * from './kernel.js';
export * from './path.js';
export * from './probe.js';
export * from './snapshot.js';
export * from './unknown.js';
