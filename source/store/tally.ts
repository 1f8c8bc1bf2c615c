// Notable figures of the files: why they failed, which have no accepted record, and which took longest. Updated with
// each file that changes, so that a view of the run costs the same for 30 files and for 100,000.
import {keyOf} from '../model/file-address.ts';
import {analysesOf} from './analysis-results.ts';
import {NO_RECORD_COUNTS, type NoRecordCounts, noRecordOf} from './no-record.ts';
import type {FileState} from './state.ts';

/** Files that failed for the same reason. */
export interface FailureGroup {
	readonly code: string;
	readonly count: number;
	/** One of them, with its message. */
	readonly file: string;
	readonly message: string;
}

export interface Tally {
	/** The most frequent first. */
	readonly failures: readonly FailureGroup[];
	/** Completed files without an accepted record. */
	readonly noRecords: NoRecordCounts;
	/** Files that were not read, because an earlier run has kept their results. */
	readonly known: number;
	/** What was made of files, as `analysisOf` names it, in their order by bytes. */
	readonly analyses: readonly string[];
	/** Completed files, the one that took longest first. */
	readonly slowest: readonly FileState[];
}

const SLOWEST_COUNT = 5;
/** Codes come from a short list of ours and of the system's; this bound covers the unexpected. */
const GROUP_LIMIT = 100;

export const EMPTY_TALLY: Tally = {failures: [], noRecords: NO_RECORD_COUNTS, known: 0, analyses: [], slowest: []};

const isKnown = (file: FileState | undefined): boolean => file?.report?.source === 'ledger';

export function tallyReplaced(tally: Tally, previous: FileState | undefined, next: FileState): Tally {
	// Most changes are progress.
	if (next.status === 'running' && previous?.status === 'running') return tally;
	let {failures, noRecords, known, analyses, slowest} = tally;
	if (previous?.status === 'failed') failures = adjustFailures(failures, previous, -1);
	if (next.status === 'failed') failures = adjustFailures(failures, next, 1);
	noRecords = adjustNoRecords(noRecords, previous, -1);
	noRecords = adjustNoRecords(noRecords, next, 1);
	known += Number(isKnown(next)) - Number(isKnown(previous));
	const analysis = analysisOf(next);
	if (analysis !== null && !analyses.includes(analysis)) analyses = [...analyses, analysis].sort();
	if (next.status === 'completed') slowest = insertSlow(slowest, next);
	const isSame =
		failures === tally.failures &&
		noRecords === tally.noRecords &&
		known === tally.known &&
		analyses === tally.analyses &&
		slowest === tally.slowest;
	return isSame ? tally : {failures, noRecords, known, analyses, slowest};
}

/** What was made of a file, of combined analyses all that were; `null` until it has completed. */
export const analysisOf = ({report}: FileState): string | null =>
	report === null ? null : analysesOf(report).join(',') || null;

function adjustNoRecords(counts: NoRecordCounts, file: FileState | undefined, step: 1 | -1): NoRecordCounts {
	const kind = noRecordOf(file?.report ?? null);
	return kind === null ? counts : {...counts, [kind]: counts[kind] + step};
}

function adjustFailures(failures: readonly FailureGroup[], file: FileState, step: 1 | -1): readonly FailureGroup[] {
	const error = file.report?.error ?? file.errors.at(-1)?.error;
	const code = error?.code ?? 'UNKNOWN';
	const known = failures.find(group => group.code === code);
	if (known === undefined) {
		if (step < 0 || failures.length >= GROUP_LIMIT) return failures;
		return [...failures, {code, count: 1, file: file.file, message: error?.message ?? ''}];
	}
	const others = failures.filter(group => group !== known);
	const count = known.count + step;
	return count === 0 ? others : [...others, {...known, count}].sort(byCount);
}

const byCount = (left: FailureGroup, right: FailureGroup): number =>
	right.count - left.count || (left.code < right.code ? -1 : 1);

const timeOf = (file: FileState | undefined): number => file?.report?.processing_time ?? 0;

function insertSlow(slowest: readonly FileState[], file: FileState): readonly FileState[] {
	if (slowest.length === SLOWEST_COUNT && timeOf(file) <= timeOf(slowest.at(-1))) return slowest;
	const others = slowest.filter(known => keyOf(known) !== keyOf(file));
	return [...others, file].sort((left, right) => timeOf(right) - timeOf(left)).slice(0, SLOWEST_COUNT);
}
