/**
 * Milliseconds of CPU time that something takes in this thread, not of the clock: other programs on the machine, and tests in other threads
 * (process.cpuUsage() has those in it), do not count.
 */
export function cpuTime(run: () => void): number {
	const began = process.threadCpuUsage();
	run();
	const {user, system} = process.threadCpuUsage(began);
	return (user + system) / 1000;
}
