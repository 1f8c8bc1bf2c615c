import {type BigIntStats, fstatSync} from 'node:fs';
import type {RunSettings} from '../arguments/settings.ts';

/** The file that a stream is redirected to; `null` for terminals, pipes and everything else. */
export function statStreamFile(descriptor: 0 | 1 | 2): BigIntStats | null {
	try {
		const stats = fstatSync(descriptor, {bigint: true});
		return stats.isFile() ? stats : null;
	} catch {
		return null;
	}
}

/** Whether a run writes any files. */
export const hasOutputs = ({reports, exportFolder, rejects, record, ledger, logFile}: RunSettings): boolean =>
	reports.length > 0 ||
	exportFolder !== null ||
	rejects !== null ||
	record !== null ||
	ledger !== null ||
	logFile !== null ||
	statStreamFile(1) !== null ||
	statStreamFile(2) !== null;
