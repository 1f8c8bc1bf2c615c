// Reports of claims, as the events of a watched folder tell them: those of the engine, or what is known where it has read nothing.
import type {KnownOutcome} from '../ledger/claims-protocol.ts';
import type {ErrorReport, FileReport} from '../model/report.ts';
import type {WayOutcome} from '../pipeline/run-steps.ts';
import {displayPath} from '../text/path-text.ts';

export interface Claimed {
	readonly name: string;
	readonly bytes: number;
	readonly attempts: number;
}

export function reportOf(
	{name, bytes, attempts}: Claimed,
	way: WayOutcome | null,
	error: ErrorReport | null,
): FileReport {
	const status = error === null ? 'completed' : 'failed';
	const elapsed = way?.steps.reduce((sum, step) => sum + step.elapsed, 0) ?? 0;
	const base = way?.report ?? {
		...{analysis: null, bytes, rows: 0, rejected_rows: 0, processing_time: elapsed},
		...{dialect: null, result: null, rejects: []},
		...(error === null && {uncounted: true as const}),
	};
	const own = {file: displayPath(name), status, attempts, error} as const;
	// A copy would have its result as an object, where the report of a small file has it as a row of numbers.
	return isWithin(own, base) ? base : {...base, ...own};
}

const isWithin = <Part extends object>(part: Part, whole: object): whole is Part =>
	Object.entries(part).every(([key, value]) => Reflect.get(whole, key) === value);

/** Its content has come to something before, which counts once. */
export function duplicateReport(claimed: Claimed, {claim, name}: Pick<KnownOutcome, 'claim' | 'name'>): FileReport {
	const before = `${displayPath(name)} (claim ${claim})`;
	const error = toError('DUPLICATE', `Its content is that of ${before}, so it is not computed again.`);
	return {...reportOf(claimed, null, error), status: 'skipped'};
}

export const toError = (code: string, message: string): ErrorReport => ({code, message, line: null, byte_offset: null});
