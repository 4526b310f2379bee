/**
 * node scripts/lab.ts up ENGINE --name NAME [--scene six]   starts a lab that stays, and prints how to enter it
 * node scripts/lab.ts down NAME                             ends it
 */
import {parseArgs} from 'node:util';
import {isEngineName, suites} from '../test/lab/engines.ts';
import {type Lab, startLab} from '../test/lab/lab.ts';
import {removeLab} from '../test/lab/remove.ts';
import {sceneHundred} from '../test/lab/scene-hundred.ts';
import {sceneSix} from '../test/lab/scene-six.ts';

const scenes: Record<string, (lab: Lab) => Promise<void>> = {six: sceneSix, hundred: sceneHundred};

const {positionals, values} = parseArgs({allowPositionals: true, options: {name: {type: 'string'}, scene: {type: 'string'}}});
const [verb, which = ''] = positionals;
const scene = values.scene === undefined ? async () => {} : scenes[values.scene];

if (verb === 'up' && isEngineName(which) && values.name !== undefined && scene !== undefined) await up(which, values.name, scene);
else if (verb === 'down' && /^[a-z0-9-]+$/.test(which)) await removeLab(which);
else {
	const [engines, known] = [Object.keys(suites).join('|'), Object.keys(scenes).join('|')];
	console.error(`usage: node scripts/lab.ts up ${engines} --name NAME [--scene ${known}]\n       node scripts/lab.ts down NAME`);
	process.exitCode = 2;
}

async function up(engine: keyof typeof suites, name: string, fill: (lab: Lab) => Promise<void>): Promise<void> {
	const lab = await startLab({engine, name, standing: true});
	await fill(lab);
	console.log(`lab ${name}: engine ${lab.version}, host ${lab.address.host}, LAN client ${lab.address.lan}
  on the host:  DOCKER_HOST=unix://${lab.socket} nsenter --net=${lab.netns} bash
  on the LAN:   nsenter --net=${lab.lanNetns} bash
  to end it:    node scripts/lab.ts down ${name}`);
}
