import type {Finding, HopKind, Place} from './path.js';
import type {UnknownId} from './unknown.js';

/** A finding of `doctor`: about the host, or on the way of one or several requests that it looked at. */
export interface DoctorFinding extends Finding {
	/** The hop that `hop` points at, on the first of the requests. */
	at: {kind: HopKind; where: Place; of: string | null; name: string} | null;
	/** The requests that it is on the way of, as `dockhop flow` takes them: "www:80 --from lan". */
	requests: string[];
}

/** A check that could not be made here. */
export interface NotChecked {
	id: UnknownId;
	why: string;
	/** What would make it possible. */
	tell: string;
}
