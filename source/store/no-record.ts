// Files that completed without one accepted record. For scripts they are `completed` (the report's contract), but
// people must not mistake them for successful files: every output shows them as a state of their own.

import type {FileReport, RejectReport} from '../model/report.ts';
import {formatInteger} from '../text/format.ts';
import {inQuotes} from '../text/in-quotes.ts';
import {safe} from '../text/safe.ts';
import {analysisWithoutRecord, hasAccepted} from './analysis-results.ts';

/** Why a completed file has no accepted record. */
export type NoRecord = 'rejected' | 'header-only' | 'empty';

export type NoRecordCounts = Readonly<Record<NoRecord, number>>;

export const NO_RECORD_COUNTS: NoRecordCounts = {rejected: 0, 'header-only': 0, empty: 0};

/**
Where analyses are combined, it is enough that one of them accepts no record: alone it would have none.

@returns `null` where the file has an accepted record, or did not complete.
*/
export function noRecordOf(report: FileReport | null): NoRecord | null {
	// A record that no analysis rejects is accepted by all.
	if (report?.status !== 'completed' || hasAccepted(report)) return null;
	// Steps of a watched folder that are not analyses count no records.
	if (report.uncounted === true) return null;
	// Where all are filtered, nothing is wrong with the file.
	if (report.rows > 0 && report.rejected_rows === 0) return null;
	if (report.rows > 0)
		return report.results === undefined || analysisWithoutRecord(report) !== null ? 'rejected' : null;
	return report.dialect?.header === true ? 'header-only' : 'empty';
}

export function countNoRecords(reports: Iterable<FileReport>): NoRecordCounts {
	const counts = {...NO_RECORD_COUNTS};
	for (const report of reports) {
		const kind = noRecordOf(report);
		if (kind !== null) counts[kind]++;
	}
	return counts;
}

export const sumNoRecords = (counts: NoRecordCounts): number => counts.rejected + counts['header-only'] + counts.empty;

/** `3 of 3 rejected`, of combined analyses `3 of 3 rejected by sales`; `header only`, `empty`. */
export function nameNoRecord(kind: NoRecord, report: FileReport): string {
	if (kind === 'rejected') {
		const [name, {rows, rejected_rows}] = analysisWithoutRecord(report) ?? [null, report];
		const text = `${formatInteger(rejected_rows)} of ${formatInteger(rows)} rejected`;
		return name === null ? text : `${text} by ${safe(name)}`;
	}
	return kind === 'header-only' ? 'header only' : 'empty';
}

/** `done, 3 of 3 rejected: line 2 amount not-a-number "x"`, safe to print. */
export function describeNoRecord(kind: NoRecord, report: FileReport): string {
	const of = analysisWithoutRecord(report)?.[1] ?? report;
	const [first] = of.rejects;
	const detail =
		kind === 'rejected'
			? first && describeReject(first)
			: kind === 'header-only'
				? 'no record follows it'
				: 'no header and no record';
	const hint = of.hint === undefined ? '' : `. ${safe(of.hint)}`;
	return `done, ${nameNoRecord(kind, report)}${detail === undefined ? '' : `: ${detail}`}${hint}`;
}

/** The end of the line may be cut, so the value comes last. */
const describeReject = ({line, column, reason, value}: RejectReport): string =>
	`line ${formatInteger(line)}${column === null ? '' : ` ${safe(column)}`} ${reason} ${inQuotes(safe(value))}`;

/** `1 all rejected`, `2 header only`, `4 empty`: only the kinds that occur. */
export function listNoRecords(counts: NoRecordCounts): string[] {
	const words: readonly (readonly [NoRecord, string])[] = [
		['rejected', 'all rejected'],
		['header-only', 'header only'],
		['empty', 'empty'],
	];
	return words.flatMap(([kind, word]) => (counts[kind] === 0 ? [] : [`${formatInteger(counts[kind])} ${word}`]));
}
