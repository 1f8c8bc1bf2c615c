// What is said of a file in the end, in the words of the JSON report.

import type {ErrorReport, FileReport} from '../../model/report.ts';
import {toSeconds} from '../../model/totals.ts';
import {type ResultText, rememberResultText, resultTextOf} from '../../text/result-text.ts';
import type {PlanEntry} from '../plan/plan.ts';
import {LINK_REASONS} from '../plan/skip-reasons.ts';
import type {FileResult} from '../shared/consolidation.ts';
import type {FoldedFile, SummedFile} from '../shared/protocol.ts';
import {hintOf} from '../shared/reject-hint.ts';

interface Attempted {
	readonly file: string;
	readonly attempts: number;
	readonly elapsedMs: number;
}

const nothingRead = {analysis: null, rows: 0, rejected_rows: 0, dialect: null, result: null, rejects: []} as const;

/** The results of small files that were read last, by their report: keeping all of them would take several times their texts. */
const readResults = new Map<object, FileReport['result']>();
const MAX_READ_RESULTS = 4;

/** One function for all reports: where each has one of its own, V8 keeps each as a table, at a kilobyte more. */
const lazyResult = {
	get(this: FileReport): FileReport['result'] {
		const known = readResults.get(this);
		if (known !== undefined) return known;
		const text = resultTextOf(this);
		const result = text === undefined ? null : (JSON.parse(text.onOneLine()) as FileReport['result']);
		readResults.set(this, result);
		for (const oldest of readResults.keys()) {
			if (readResults.size <= MAX_READ_RESULTS) break;
			readResults.delete(oldest);
		}
		return result;
	},
	enumerable: true,
	configurable: true,
} as const;

type Mutable<Value> = {-readonly [Key in keyof Value]: Value[Key]};

/** The report of a small file, whose result is made when somebody looks at it. */
export function summedReport(
	{file, attempts}: Omit<Attempted, 'elapsedMs'>,
	summed: SummedFile & {elapsedMs: number},
	resultText: ResultText | null,
): FileReport {
	const beforeResult: Omit<FileReport, 'result' | 'rejects'> = {
		file,
		status: 'completed',
		analysis: summed.analyses[0] ?? null,
		attempts,
		bytes: summed.bytesRead,
		rows: summed.rows,
		rejected_rows: summed.rejectedRows,
		processing_time: toSeconds(summed.elapsedMs),
		error: null,
		dialect: summed.dialect,
	};
	// Behind the result, as in any other report.
	const withResult: Partial<Mutable<FileReport>> = Object.defineProperty(beforeResult, 'result', lazyResult);
	withResult.rejects = summed.rejects;
	const hint = hintOf(summed.rejects);
	if (hint !== null) withResult.hint = hint;
	const report = withResult as FileReport;
	if (resultText !== null) rememberResultText(report, resultText);
	return report;
}

export const completedReport = (
	{file, attempts, elapsedMs}: Attempted,
	folded: FoldedFile,
	[first]: readonly FileResult[],
): FileReport => {
	const hint = hintOf(folded.rejects);
	return {
		file,
		status: 'completed',
		analysis: first?.analysis ?? null,
		attempts,
		bytes: folded.bytesRead,
		rows: folded.rows,
		rejected_rows: folded.rejectedRows,
		processing_time: toSeconds(elapsedMs),
		error: null,
		dialect: folded.dialect,
		result: first?.result ?? null,
		rejects: folded.rejects,
		...(hint !== null && {hint}),
	};
};

/** A file that did not complete gives no figures at all: half of them would look like all. */
export const unfinishedReport = (
	{file, attempts, elapsedMs}: Attempted,
	status: 'failed' | 'cancelled' | 'skipped',
	bytes: number,
	error: ErrorReport | null,
): FileReport => ({
	file,
	status,
	analysis: nothingRead.analysis,
	attempts,
	bytes,
	rows: nothingRead.rows,
	rejected_rows: nothingRead.rejected_rows,
	processing_time: toSeconds(elapsedMs),
	error,
	dialect: nothingRead.dialect,
	result: nothingRead.result,
	rejects: nothingRead.rejects,
});

/** Of what is no file to read. */
export function neverReadReport(entry: Exclude<PlanEntry, {type: 'file'}>): FileReport {
	const neverRead = {file: entry.file, attempts: 0, elapsedMs: 0};
	if (entry.type === 'unreadable') return unfinishedReport(neverRead, 'failed', 0, entry.error);
	const message = `It is ${entry.kind}; ${LINK_REASONS.get(entry.kind) ?? 'only regular files are read'}`;
	const error: ErrorReport = {code: 'NOT_A_REGULAR_FILE', message, line: null, byte_offset: null};
	return unfinishedReport(neverRead, 'skipped', 0, error);
}
