import type {Command} from './command.js';
import {completionCommand} from './completion.js';
import {explain} from './explain.js';
import {flow} from './flow.js';
import {info} from './info.js';
import {bridges, containers, networks} from './lists.js';
import {probe} from './probe.js';
import {record} from './record.js';

const working = [networks, containers, bridges, flow, probe, record, explain, info];

/** Every subcommand, in the order of the help. */
export const commands: Command[] = [...working, completionCommand(working)];
