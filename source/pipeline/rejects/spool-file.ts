// The spool of rejected records: a file without a name, so that nothing is left of it however the process ends.
import {closeSync, openSync, unlinkSync} from 'node:fs';
import {join} from 'node:path';
import {type RejectSpoolSettings, SPOOL_ERROR} from '../../engine/shared/spooled-rejects.ts';
import {systemPath} from '../../text/path-text.ts';

export interface SpoolFile {
	readonly settings: RejectSpoolSettings;
	/** The number of the error by which records are missing; 0: there was none. */
	readonly failure: () => number;
	readonly close: () => void;
}

/** @param folder - Where there is room for it. @throws {Error} Of the system. */
export function openSpoolFile(folder: string, maxRecords: number): SpoolFile {
	const name = systemPath(join(folder, `.fileproc-${crypto.randomUUID()}.tmp`));
	const descriptor = openSync(name, 'wx+', 0o600);
	unlinkSync(name);
	const state = new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT);
	return {
		settings: {id: crypto.randomUUID(), descriptor, state, maxRecords},
		failure: () => Number(Atomics.load(new BigInt64Array(state), SPOOL_ERROR)),
		close: () => closeSync(descriptor),
	};
}
