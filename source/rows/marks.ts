import type {PathVerdict, Verdict} from '../model/index.js';

/** One cell that says a hop's verdict; a word always stands beside it. */
export const marks: Record<Verdict, string> = {passes: '✓', blocks: '✗', undetermined: '?', notReached: '·'};

/** The same for a whole path. */
export const pathMarks: Record<PathVerdict, string> = {delivered: '✓', forwarded: '✓', blocked: '✗', undetermined: '?'};
