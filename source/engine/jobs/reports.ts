// What is said of a file in the end, in the words of the JSON report.

import type {ErrorReport, FileReport} from '../../model/report.ts';
import {toSeconds} from '../../model/totals.ts';
import {rememberResultText, resultTextOf} from '../../text/result-text.ts';
import type {PlanEntry} from '../plan/plan.ts';
import {LINK_REASONS} from '../plan/skip-reasons.ts';
import type {ResultRow} from '../results/result-rows.ts';
import {reportAnalyses} from '../shared/analysis-reports.ts';
import type {FileResult} from '../shared/consolidation.ts';
import type {FoldedFile, SummedFile} from '../shared/protocol.ts';
import {hintOf} from '../shared/reject-hint.ts';

export interface Attempted {
	readonly file: string;
	readonly attempts: number;
	readonly elapsedMs: number;
	/** Whether several analyses are made of the file, and not one of them. */
	readonly areCombined?: boolean;
}

const nothingRead = {analysis: null, rows: 0, rejected_rows: 0, dialect: null, result: null, rejects: []} as const;

/** What was made last of small files: keeping all of it would take several times their texts. */
class LatestOf<Value> {
	readonly #values = new Map<object, Value>();
	readonly #most: number;

	constructor(most: number) {
		this.#most = most;
	}

	get(owner: object, make: () => Value): Value {
		const known = this.#values.get(owner);
		if (known !== undefined) return known;
		const value = make();
		this.#values.set(owner, value);
		const [oldest] = this.#values.keys();
		if (oldest !== undefined && this.#values.size > this.#most) this.#values.delete(oldest);
		return value;
	}
}

const readResults = new LatestOf<FileReport['result']>(16);
const readReports = new LatestOf<NonNullable<FileReport['results']>>(4);

/** One function for all reports: where each has one of its own, V8 keeps each as a table, at a kilobyte more. */
const lazyResult = {
	get(this: object): FileReport['result'] {
		return readResults.get(this, () => {
			const text = resultTextOf(this);
			return text === undefined ? null : (JSON.parse(text.onOneLine()) as FileReport['result']);
		});
	},
	enumerable: true,
	configurable: true,
} as const;

/** What the results of combined analyses of a small file are made of. */
const combinedRow = Symbol('figures of a small file');

interface CombinedRow extends Required<Pick<SummedFile, 'analyses' | 'combined'>> {
	readonly row: ResultRow | null;
}

/** The same for combined analyses, in the report of a small file. */
const lazyResults = {
	get(this: FileReport & {readonly [combinedRow]: CombinedRow}): NonNullable<FileReport['results']> {
		return readReports.get(this, () => reportRow(this, this[combinedRow]));
	},
	enumerable: true,
	configurable: true,
} as const;

function reportRow(
	{rows, rejected_rows: rejectedRows, filtered: filteredRows}: FileReport,
	{analyses, combined, row}: CombinedRow,
): NonNullable<FileReport['results']> {
	const placeOf = (analysis: string): number => (row === null ? -1 : analyses.indexOf(analysis));
	const reports = reportAnalyses({rows, filteredRows}, combined, analysis => {
		const place = placeOf(analysis);
		if (row === null || place === -1) return null;
		// Where none rejects a record, or has a condition, the row need not be read.
		const isRead = rejectedRows > 0 || combined.some(reading => reading.filteredRows !== undefined);
		return {acceptedRows: isRead ? row.acceptedRows(place) : rows - (filteredRows ?? 0), result: null};
	});
	for (const [analysis, report] of Object.entries(reports)) {
		const place = placeOf(analysis);
		if (row === null || place === -1) continue;
		Object.defineProperty(report, 'result', lazyResult);
		rememberResultText(report, row.textOf(place));
	}
	return reports;
}

type Mutable<Value> = {-readonly [Key in keyof Value]: Value[Key]};

/** The report of a small file, whose result is made when somebody looks at it. */
export function summedReport(
	{file, attempts}: Pick<Attempted, 'file' | 'attempts'>,
	found: SummedFile & {elapsedMs: number},
	row: ResultRow | null,
): FileReport {
	const {rejects, combined, analyses} = found;
	const beforeResult: Omit<FileReport, 'result' | 'rejects'> = {
		file,
		status: 'completed',
		analysis: combined === undefined ? (analyses[0] ?? null) : null,
		attempts,
		bytes: found.bytesRead,
		rows: found.rows,
		rejected_rows: found.rejectedRows,
		...filteredOf(found),
		processing_time: toSeconds(found.elapsedMs),
		error: null,
		dialect: found.dialect,
		...contentOf(found),
	};
	// Behind the result, as in any other report.
	const withResult: Partial<Mutable<FileReport>> =
		combined === undefined
			? Object.defineProperty(beforeResult, 'result', lazyResult)
			: Object.assign(beforeResult, {result: null});
	withResult.rejects = rejects;
	const hint = hintOf(rejects);
	if (hint !== null) withResult.hint = hint;
	if (combined !== undefined) {
		Object.defineProperty(withResult, combinedRow, {value: {analyses, combined, row} satisfies CombinedRow});
		Object.defineProperty(withResult, 'results', lazyResults);
	} else if (row !== null) rememberResultText(withResult, row);
	return withResult as FileReport;
}

/** Reports of runs without a condition are as if there was no such thing. */
const filteredOf = ({filteredRows}: {readonly filteredRows?: number | undefined}): Pick<FileReport, 'filtered'> =>
	filteredRows === undefined ? {} : {filtered: filteredRows};

const contentOf = ({contentHash}: {readonly contentHash?: string | undefined}): Pick<FileReport, 'content_hash'> =>
	contentHash === undefined ? {} : {content_hash: contentHash};

export function completedReport(
	{file, attempts, elapsedMs}: Attempted,
	found: FoldedFile,
	results: readonly FileResult[],
): FileReport {
	const {bytesRead, rows, rejectedRows, filteredRows, dialect, structure, rejects, combined} = found;
	const hint = hintOf(rejects) ?? found.hint ?? null;
	const [first] = combined === undefined ? results : [];
	const find = (name: string): FileResult | null => results.find(({analysis}) => analysis === name) ?? null;
	return {
		file,
		status: 'completed',
		analysis: first?.analysis ?? null,
		attempts,
		bytes: bytesRead,
		rows,
		rejected_rows: rejectedRows,
		...filteredOf({filteredRows}),
		processing_time: toSeconds(elapsedMs),
		error: null,
		dialect,
		...(structure !== undefined && {structure}),
		...contentOf(found),
		...(found.isKnown && {source: 'ledger'}),
		result: first?.result ?? null,
		rejects,
		...(hint !== null && {hint}),
		...(combined !== undefined && {results: reportAnalyses({rows, filteredRows}, combined, find)}),
	};
}

/** A file that did not complete gives no figures at all: half of them would look like all. */
export const unfinishedReport = (
	{file, attempts, elapsedMs, areCombined = false}: Attempted,
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
	...(areCombined && {results: {}}),
});

/** Of what is no file to read. */
export function neverReadReport(entry: Exclude<PlanEntry, {type: 'file'}>, areCombined: boolean): FileReport {
	const neverRead = {file: entry.file, attempts: 0, elapsedMs: 0, areCombined};
	if (entry.type === 'unreadable') return unfinishedReport(neverRead, 'failed', 0, entry.error);
	const message = `It is ${entry.kind}; ${LINK_REASONS.get(entry.kind) ?? 'only regular files are read'}`;
	const error: ErrorReport = {code: 'NOT_A_REGULAR_FILE', message, line: null, byte_offset: null};
	return unfinishedReport(neverRead, 'skipped', 0, error);
}
