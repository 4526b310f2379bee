import type {Snapshot} from '../model/index.js';

/** Runs one program inside a container through the engine (docker exec). Rejects where the engine refuses to. */
export type Exec = (
	containerId: string,
	argv: readonly string[],
	options: {signal: AbortSignal; timeoutMs: number},
) => Promise<{stdout: string; stderr: string; code: number | null}>;

/** What a probe needs of the world beside its plan. */
export interface ProbeContext {
	snapshot: Snapshot;
	exec: Exec;
}
