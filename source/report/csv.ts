// The report as CSV: one record for each file, for spreadsheets and joins.
import type {AnalysisInfo, ValueFormat} from '../model/analysis-info.ts';
import type {FileReport, ReportSoFar} from '../model/report.ts';
import {analysesOf, resultsOf} from '../store/analysis-results.ts';
import {valueAt} from '../store/present.ts';
import {escapeActing} from '../text/escape.ts';
import {guardFormulas} from '../text/formula-guard.ts';

interface Column {
	readonly name: string;
	/** @param result - Of the file, for the column's analysis. */
	readonly cell: (file: FileReport, result: object | null) => unknown;
	/** `null` where it is of every file. */
	readonly analysis: string | null;
}

const FILE_COLUMNS: readonly Column[] = (
	[
		['file', file => file.file],
		['status', file => file.status],
		['analysis', file => analysesOf(file).join(',')],
		['attempts', file => file.attempts],
		['bytes', file => file.bytes],
		['rows', file => file.rows],
		['rejected_rows', file => file.rejected_rows],
		['filtered', file => file.filtered],
		['processing_time', file => file.processing_time],
		['error_code', file => file.error?.code],
		['error_message', file => file.error?.message],
	] satisfies readonly (readonly [name: string, cell: Column['cell']])[]
).map(([name, cell]) => ({name, cell, analysis: null}));

/** Its columns are older than other analyses, and scripts know them by these names. */
const ANALYSIS_WITH_BARE_NAMES = 'transactions';

/**
Gives the report as CSV text, a record at a time; records end with LF, as the other tools on a server expect.

A column of an analysis is named by the analysis and the key of the figure: `sales.total_records`, `payroll.pay_dates_earliest`. So its
name does not depend on what else is in the run. Those of transactions have bare names: `total_amount_exact`, `earliest`. Where analyses are
combined, each has also its rejected records: `sales.rejected_rows`.

The columns of the first analysis are always there, those of others where a file has such a result.
*/
export function* csvChunks(report: ReportSoFar, analyses: readonly AnalysisInfo[]): Generator<string, void, undefined> {
	// Reports of runs without a condition are as if there was no such thing.
	const fileColumns = FILE_COLUMNS.filter(({name}) => name !== 'filtered' || report.totals.filtered !== undefined);
	const areCombined = report.report_version === 2;
	const found = new Set(report.files.flatMap(file => analysesOf(file)));
	const shown = analyses.filter(({name}, index) => index === 0 || found.has(name));
	const columns = withDifferentNames([
		...fileColumns,
		...shown.flatMap(info => [...(areCombined ? [rejectedColumn(info)] : []), ...columnsOf(info)]),
	]);
	yield toRecord(columns.map(({name}) => name));
	for (const file of report.files) {
		const results = new Map(resultsOf(file));
		yield toRecord(
			columns.map(({cell, analysis}) => {
				if (analysis === null) return cell(file, null);
				const result = results.get(analysis);
				return result === undefined ? null : cell(file, result);
			}),
		);
	}
}

const rejectedColumn = ({name: analysis}: AnalysisInfo): Column => ({
	name: `${analysis}.rejected_rows`,
	cell: ({results}) => results?.[analysis]?.rejected_rows,
	analysis,
});

function columnsOf({name: analysis, views}: AnalysisInfo): readonly Column[] {
	const isBare = analysis === ANALYSIS_WITH_BARE_NAMES;
	const figures = views.flatMap(view => (view.show === 'figures' ? view.figures : []));
	// A figure may be in several views.
	const different = new Map(figures.map(figure => [`${figure.format} ${figure.key}`, figure]));
	return Array.from(different.values()).flatMap(({key, format}) =>
		partsOf(key, format, isBare).map(
			({name, part}): Column => ({
				name: isBare ? name : `${analysis}.${name}`,
				cell(_file, result) {
					const value = valueAt(result, key);
					return part === null ? value : valueAt(value, part);
				},
				analysis,
			}),
		),
	);
}

/** A name that is taken, because a key is like that of a part of another figure, gets a number: `users_exact_2`. */
function withDifferentNames(columns: readonly Column[]): readonly Column[] {
	const taken = new Set<string>();
	return columns.map(column => {
		let name = column.name;
		for (let number = 2; taken.has(name); number++) name = `${column.name}_${number}`;
		taken.add(name);
		return {...column, name};
	});
}

/** A value of two parts has two columns. */
function partsOf(
	key: string,
	format: ValueFormat,
	isBare: boolean,
): readonly {readonly name: string; readonly part: string | null}[] {
	switch (format) {
		case 'dates':
			return ['earliest', 'latest'].map(part => ({name: isBare ? part : `${key}_${part}`, part}));
		case 'distinct':
			return [
				{name: key, part: 'value'},
				{name: `${key}_exact`, part: 'exact'},
			];
		case 'busiest-hour':
			return [
				{name: key, part: 'hour'},
				{name: `${key}_records`, part: 'records'},
			];
		case 'line-length':
			return [
				{name: key, part: 'line'},
				{name: `${key}_bytes`, part: 'bytes'},
			];
		default:
			return [{name: key, part: null}];
	}
}

const toRecord = (cells: readonly unknown[]): string => `${cells.map(toField).join(',')}\n`;

function toField(cell: unknown): string {
	if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
	if (typeof cell !== 'string') return '';
	const text = escapeActing(guardFormulas(cell));
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
