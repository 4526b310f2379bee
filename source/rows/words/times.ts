/** "1.3 ms", "5.0 s"; empty where it was not measured. */
export function milliseconds(value: number | null): string {
	if (value === null) return '';
	return value < 1000 ? `${value.toFixed(1)} ms` : `${(value / 1000).toFixed(1)} s`;
}

/** "183 µs", "1.3 ms", "5.0 s": microseconds in the unit that a person reads at a glance. */
export function microseconds(us: number): string {
	return us < 1000 ? `${us} µs` : milliseconds(us / 1000);
}
