import {vi} from 'vitest';

/** Waits until the check no longer throws; fails with what it threw last. A machine that does much else is slow, not wrong. */
export function eventually(check: () => void): Promise<void> {
	return vi.waitFor(check, {timeout: 60_000, interval: 10});
}
