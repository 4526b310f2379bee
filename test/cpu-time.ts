/** Milliseconds of CPU time that something takes, not of the clock: other programs on the machine do not count. */
export function cpuTime(run: () => void): number {
	const began = process.cpuUsage();
	run();
	const {user, system} = process.cpuUsage(began);
	return (user + system) / 1000;
}
