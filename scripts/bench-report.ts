import type {ScreenCost} from './bench-explorer.ts';
import type {Times} from './bench-times.ts';

/** One line of the table: a value, what it is measured against, and what it ought to be. */
interface Line {
	what: string;
	value: string;
	beside: string;
	aim: string;
	met: boolean | null;
}

/** The table of one host: dockhop's values beside what they are compared with. The aims are for 100 containers. */
export function report(containers: number, times: Times, costs: Record<string, ScreenCost>): string[] {
	const {dockhop, ...others} = costs;
	if (!dockhop) throw new Error('dockhop was not measured');
	const lines = [
		...timeLines(times),
		...screenLines(dockhop, containers),
		...Object.entries(others).flatMap(([name, cost]) => otherLines(name, cost, times.firstName[name] ?? Number.NaN)),
	];
	const widths = (['what', 'value', 'beside', 'aim'] as const).map(name => Math.max(name.length, ...lines.map(line => line[name].length)));
	const row = (cells: string[]) =>
		cells
			.map((cell, index) => cell.padEnd(widths[index] ?? 0))
			.join('  ')
			.trimEnd();
	return [
		`${containers} containers`,
		row(['what', 'value', 'beside', 'aim']),
		...lines.map(({what, value, beside, aim, met}) => row([what, value, beside, aim, met === null ? '' : met ? 'met' : 'MISSED'])),
	];
}

function timeLines(times: Times): Line[] {
	const {node, dockerPs, containersJson, bare, bareCached, version, versionExecutable, firstExecutable} = times;
	const {dockerInspect, doctor, doctorProcessor} = times;
	const {dockhop = Number.NaN} = times.firstName;
	const [both, all] = [node + dockerPs, dockerPs + dockerInspect];
	return [
		line('first screen with a name', ms(dockhop), `bare Ink ${ms(bare)}: ${ratio(dockhop, bare)}`, '1.3 ×', dockhop <= 1.3 * bare),
		line('', '', `bare Ink, compile cache ${ms(bareCached)}: ${ratio(dockhop, bareCached)}`),
		line(
			'containers --json',
			ms(containersJson),
			`node -e 0 ${ms(node)} + docker ps ${ms(dockerPs)}: ${ratio(containersJson, both)}`,
			'1.5 ×',
			containersJson <= 1.5 * both,
		),
		line('doctor', ms(doctor), `docker ps + docker inspect of all ${ms(all)}: ${ratio(doctor, all)}`, '2000 ms', doctor < 2000),
		line('', `${ms(doctorProcessor)} of processor time`),
		line('one executable: first screen', ms(firstExecutable), `bundle ${ms(dockhop)}: ${ratio(firstExecutable, dockhop)}`),
		line('one executable: --version', ms(versionExecutable), `bundle ${ms(version)}: ${ratio(versionExecutable, version)}`),
	];
}

function screenLines({keys, idle, atStart, megabytes}: ScreenCost, containers: number): Line[] {
	return [
		line('peak memory', `${megabytes.toFixed(0)} MB`, '', '120 MB', megabytes < 120),
		...Object.entries(keys).map(([where, {bytes, firstMs, lastMs}]) => {
			const aim = keyAims[where] ?? Number.NaN;
			const value = `${bytes} B, ${ms(firstMs)} to ${ms(lastMs)}`;
			return line(`arrow key ${where}`, value, '', `${aim} B, 15 to 50 ms`, bytes <= aim && firstMs <= 15 && lastMs <= 50);
		}),
		line('idle for 20 s', idleWords(idle), '', '0 B, 0 requests, 0.3 %', idle.bytes === 0 && idle.requests === 0 && idle.core < 0.003),
		line('requests at the start', requestWords(atStart), '', `one each, ${containers} inspections`, isSparing(atStart, containers)),
	];
}

function otherLines(name: string, {keys, idle, atStart, megabytes}: ScreenCost, firstName: number): Line[] {
	return [
		line(`${name}: first name`, ms(firstName)),
		line(`${name}: peak memory`, `${megabytes.toFixed(0)} MB`),
		...Object.entries(keys).map(([where, cost]) =>
			line(`${name}: arrow key ${where}`, `${cost.bytes} B, ${ms(cost.firstMs)} to ${ms(cost.lastMs)}`),
		),
		line(`${name}: idle for 20 s`, idleWords(idle)),
		line(`${name}: requests at the start`, requestWords(atStart)),
	];
}

const keyAims: Record<string, number> = {'in a list': 2100, 'in the flow': 1100, 'in a menu': 450, 'in a list that nothing follows': 450};

/** One each of the five lists, and one inspection per container at most. */
function isSparing(atStart: Map<string, number>, containers: number): boolean {
	const {'/containers/ID/json': inspections = 0, ...lists} = Object.fromEntries(atStart);
	const once = ['/version', '/info', '/networks', '/containers/json', '/events'];
	return inspections <= containers && Object.entries(lists).every(([kind, count]) => once.includes(kind) && count === 1);
}

function line(what: string, value: string, beside = '', aim = '', met: boolean | null = null): Line {
	return {what, value, beside, aim, met};
}

function idleWords({bytes, core, requests}: ScreenCost['idle']): string {
	return `${bytes} B, ${requests} requests, ${(core * 100).toFixed(2)} % of a core`;
}

function requestWords(atStart: Map<string, number>): string {
	return [...atStart].map(([kind, count]) => `${kind} ${count}`).join(', ');
}

function ms(value: number): string {
	return `${value.toFixed(value < 20 ? 1 : 0)} ms`;
}

function ratio(value: number, to: number): string {
	return `${(value / to).toFixed(2)} ×`;
}
