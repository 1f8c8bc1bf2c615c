// What became of the files: those that did not complete, those without an accepted record, rejected rows, and all of them.
import type {DialectReport, FileReport, RejectReport} from '../../model/report.ts';
import {analysesOf, hintOf, missingAnalyses, rejectsOf} from '../../store/analysis-results.ts';
import {describeForm} from '../../store/column-forms.ts';
import {nameNoRecord, noRecordOf} from '../../store/no-record.ts';
import {DASH, formatBytes, formatInteger, formatNewline, formatSeconds} from '../../text/format.ts';
import {inQuotes} from '../../text/in-quotes.ts';
import {type Html, html} from './markup.ts';
import {type Column, tableHtml} from './table.ts';

const FILE: Column<FileReport> = {label: 'File', cell: ({file}) => file};

const FAILURE_COLUMNS: readonly Column<FileReport>[] = [
	FILE,
	{label: 'Status', cell: statusOf},
	{label: 'Code', cell: ({error}) => error?.code ?? DASH},
	{label: 'Reason', cell: ({error}) => error?.message ?? DASH},
	{label: 'Line', isFigure: true, cell: ({error}) => integerOrDash(error?.line)},
	{label: 'Byte', isFigure: true, cell: ({error}) => integerOrDash(error?.byte_offset)},
	{label: 'Attempts', isFigure: true, cell: ({attempts}) => formatInteger(attempts)},
];

const NO_RECORD_COLUMNS: readonly Column<FileReport>[] = [
	FILE,
	{label: 'Status', cell: statusOf},
	{label: 'First rejected row', cell: file => describeReject(rejectsOf(file)[0])},
	{label: 'Hint', cell: file => hintOf(file) ?? DASH},
];

/** Of combined analyses, those that were not made of a file. */
const MISSING_COLUMNS: readonly Column<FileReport>[] = [
	FILE,
	{
		label: 'Analyses and reasons',
		cell: file => html`${missingAnalyses(file).map(([name, reason]) => html`<div>${name}: ${reason}</div>`)}`,
	},
];

const EXAMPLES = 5;

const REJECT_COLUMNS: readonly Column<FileReport>[] = [
	FILE,
	{label: 'Rejected', isFigure: true, cell: file => formatInteger(file.rejected_rows)},
	{label: 'Of rows', isFigure: true, cell: ({rows}) => formatInteger(rows)},
	{label: `The first ${EXAMPLES}`, cell: file => examplesHtml(rejectsOf(file))},
	{label: 'Hint', cell: file => hintOf(file) ?? DASH},
];

const FILE_COLUMNS: readonly Column<FileReport>[] = [
	FILE,
	{label: 'Status', cell: statusOf},
	{label: 'Analysis', cell: file => analysesOf(file).join(', ') || DASH},
	// Of a file that did not complete, nothing counts.
	{
		label: 'Size',
		isFigure: true,
		cell: ({bytes, status}) => (status === 'completed' ? formatBytes(bytes) : `${formatBytes(bytes)} read`),
	},
	{label: 'Rows', isFigure: true, cell: ({rows, status}) => (status === 'completed' ? formatInteger(rows) : DASH)},
	{
		label: 'Rejected',
		isFigure: true,
		cell: ({rejected_rows: rejectedRows, status}) => (status === 'completed' ? formatInteger(rejectedRows) : DASH),
	},
	{label: 'Time', isFigure: true, cell: file => formatSeconds(file.processing_time)},
	{label: 'How it was read', cell: ({dialect}) => (dialect === null ? DASH : describeDialect(dialect))},
];

/** The sections on files, in pieces; one without files is left out. */
export function* filesHtml(files: readonly FileReport[]): Generator<Html, void, undefined> {
	const unfinished = files.filter(({error}) => error !== null);
	const noRecords = files.filter(file => noRecordOf(file) !== null);
	const missing = files.filter(file => missingAnalyses(file).length > 0);
	const rejected = files.filter(file => file.rejected_rows > 0);
	yield* sectionHtml('Files that did not complete', FAILURE_COLUMNS, unfinished);
	yield* sectionHtml('Files without an accepted record', NO_RECORD_COLUMNS, noRecords);
	yield* sectionHtml('Analyses that do not fit a file', MISSING_COLUMNS, missing);
	yield* sectionHtml('Rejected rows', REJECT_COLUMNS, rejected);
	yield* sectionHtml('Files', FILE_COLUMNS, byStatus(files));
}

function* sectionHtml(
	title: string,
	columns: readonly Column<FileReport>[],
	files: readonly FileReport[],
): Generator<Html, void, undefined> {
	if (files.length === 0) return;
	yield html`<section>
<h2>${title}</h2>
`;
	yield* tableHtml(title, columns, files, 'The report as JSON or CSV has all files.');
	yield html`</section>\n`;
}

const STATUS_ORDER = ['failed', 'no record', 'cancelled', 'skipped', 'completed'] as const;

/** Files of each status in the order of the report, which is that of their names; those that need attention come first. */
const byStatus = (files: readonly FileReport[]): readonly FileReport[] => {
	const groups = Map.groupBy(files, file => (noRecordOf(file) === null ? file.status : 'no record'));
	return STATUS_ORDER.flatMap(status => groups.get(status) ?? []);
};

/** A file without an accepted record is not a success, although it completed. */
function statusOf(file: FileReport): Html {
	const kind = noRecordOf(file);
	if (kind !== null) return html`<span class="warning">${nameNoRecord(kind, file)}</span>`;
	return html`<span class="${TONES[file.status]}">${file.status}</span>`;
}

const TONES: Readonly<Record<FileReport['status'], string>> = {
	completed: 'good',
	failed: 'bad',
	cancelled: 'warning',
	skipped: 'quiet',
};

const examplesHtml = (rejects: readonly RejectReport[]): Html =>
	html`${rejects.slice(0, EXAMPLES).map(reject => html`<div>${describeReject(reject)}</div>`)}`;

function describeReject(reject: RejectReport | undefined): string {
	if (reject === undefined) return DASH;
	const {line, column, reason, value} = reject;
	return `line ${formatInteger(line)}: ${column === null ? '' : `${column} `}${reason} ${inQuotes(value)}`;
}

const integerOrDash = (value: number | null | undefined): string =>
	value === null || value === undefined ? DASH : formatInteger(value);

const describeDialect = ({delimiter, quote, encoding, newline, header, compression, ...more}: DialectReport): string =>
	[
		`delimiter ${inQuotes(delimiter)}`,
		`quote ${inQuotes(quote)}`,
		`${encoding}${more.encoding_assumed === undefined ? '' : ' (assumed)'}`,
		`newline ${formatNewline(newline)}`,
		header ? 'header' : 'no header',
		...(more.escape === undefined ? [] : [`escape ${inQuotes(more.escape)}`]),
		...(more.skip_lines === undefined ? [] : [`${formatInteger(more.skip_lines)} lines in front`]),
		...(more.skip_footer === undefined ? [] : [`${formatInteger(more.skip_footer)} lines behind`]),
		...(more.comment === undefined ? [] : [`comments ${inQuotes(more.comment)}`]),
		...(more.columns ?? []).map(column => `${column.name} ${describeForm(column)}`),
		...(compression === null ? [] : [compression]),
		...(more.problems ?? []).map(({line, message}) => `line ${formatInteger(line)}: ${message}`),
	].join(', ');
