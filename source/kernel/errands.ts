import {type Ran, type RunOptions, run} from '../process/run.js';
import {quoted, stepsOf, type Words} from './ip-batch.js';

/** The programs that are asked of one network namespace. */
export interface Errand {
	/** Arguments by which a program enters it. */
	enter: readonly string[];
	argvs: readonly (readonly string[])[];
}

/**
 * Runs the programs of many namespaces one after the other in one process of sh(1), because starting a process from here costs more than
 * these programs take. The shells are given texts of numbers alone ("${1}" "${2}"; …); the words of the programs are their arguments. Gives
 * what each program of each errand did, or null where that is not known: the errand did not come to its end. `door`: in front of all.
 */
export async function runErrands(door: readonly string[], errands: readonly Errand[], options: RunOptions): Promise<(Ran | null)[][]> {
	const all = numbered();
	const sent = errands.map(({enter, argvs}) => {
		const own = numbered();
		const steps = stepsOf(argvs);
		const script = steps.map(({call}) => call(own.add, mark('c'))).join('\n');
		return {steps, argvs, line: `${quoted(all.add(...enter, 'sh', '-c', script, 'sh', ...own.words))}; ${mark('g')}`};
	});
	const isMany = errands.length >= many && door.length === 0;
	const script = sent.map(({line}) => line).join('\n');
	const shell = (text: string) => ['sh', '-c', text, 'sh', ...all.words];
	// What mounts stands behind unshare alone: without a mount namespace of its own it would change the host.
	const hidden = isMany ? await run(['unshare', '-m', '--propagation', 'private', ...shell(`${hideCgroups}\n${script}`)], options) : null;
	// Root of a container may not have the right to it, or the host no such program.
	const {stdout, stderr} = hidden?.stdout ? hidden : await run([...door, ...shell(script)], options);
	const [outputs, errors] = [groupsOf(stdout), groupsOf(stderr)];
	return sent.map(({steps, argvs}, index) => {
		const [output, error] = [outputs[index], errors[index]];
		const rans = argvs.map((): Ran | null => null);
		if (output?.code !== 0 || output.calls.length !== steps.length || error?.calls.length !== steps.length) return rans;
		for (const [at, {of, read}] of steps.entries()) {
			const [out, err] = [output.calls[at], error.calls[at]];
			const did = out && err ? read({stdout: out.text, stderr: err.text, code: out.code, signal: null, failure: null}) : [];
			for (const [which, ran] of did.entries()) rans[of[which] ?? -1] = ran;
		}
		return rans;
	});
}

/** Collects the arguments of a shell; gives each as its text calls it. */
function numbered(): {words: string[]; add: Words} {
	const words: string[] = [];
	return {words, add: (...more) => more.map(word => `\${${words.push(word)}}`)};
}

/** What ends a program's output (c) and an errand's (g), with the exit code. No program prints a zero byte. */
function mark(kind: 'c' | 'g'): string {
	return `printf '\\0${kind}%s\\0' "$?"; printf '\\0${kind}\\0' >&2`;
}

interface Group {
	calls: {text: string; code: number}[];
	code: number;
}

function groupsOf(text: string): Group[] {
	const fields = text.split('\0');
	const groups: Group[] = [];
	let calls: Group['calls'] = [];
	for (let at = 0; at + 1 < fields.length; at += 2) {
		const [output = '', end = ''] = [fields[at], fields[at + 1]];
		const code = Number(end.slice(1));
		if (end.startsWith('c')) calls.push({text: output, code});
		else {
			groups.push({calls, code});
			calls = [];
		}
	}
	return groups;
}

/**
 * `ss -e` names the cgroup of each socket, for which it walks through all cgroups of the host, in every namespace anew: the most of its time
 * on a host of a hundred containers. In a mount namespace of their own (unshare(1)), which ends with them, these programs see none: they
 * find the place, so that they need not look for it among all mounts, and nothing in it.
 */
const hideCgroups =
	'while read -r _ at kind _; do case $kind in cgroup2) mount -t tmpfs none "$at";; esac; done < /proc/mounts 2> /dev/null';
const many = 8;
