import type {Command} from './command.js';
import {completeCommand} from './complete.js';
import {completionCommand} from './completion.js';
import {doctor} from './doctor.js';
import {explain} from './explain.js';
import {flow} from './flow.js';
import {info} from './info.js';
import {bridges, containers, networks} from './lists.js';
import {probe} from './probe.js';
import {record} from './record.js';
import {trace} from './trace.js';

const working = [networks, containers, bridges, flow, probe, trace, doctor, record, explain, info];
const shown = [...working, completionCommand(working)];

/** Every subcommand, in the order of the help. */
export const commands: Command[] = [...shown, completeCommand(shown)];
