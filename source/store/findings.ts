// What a person should look at first after a run, the most important first, and what to type for it.
import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {FileReport, Report} from '../model/report.ts';
import {formatInteger, quantity} from '../text/format.ts';
import {inQuotes} from '../text/in-quotes.ts';
import {safe} from '../text/safe.ts';
import {shellWord} from '../text/shell-word.ts';
import {analysesOf, missingAnalyses, rejectsOf, resultsOf} from './analysis-results.ts';
import {findGroupOfTotals} from './group-of-totals.ts';
import {noRecordOf} from './no-record.ts';
import {valueAt} from './present.ts';

export interface Finding {
	/** Safe to print: `3 of 9 files failed, 2 of them with MISSING_COLUMN: in/bad.csv`. */
	readonly text: string;
	/** A command that says more, or repeats what may succeed now; `null` where there is no such command. */
	readonly command: string | null;
}

/** What findings are found in: a report, or the same of a run on the screen. */
interface Found extends Pick<Report, 'files' | 'analyses'> {
	/** Where `files` are not all of the run. */
	readonly totals?: Pick<Report['totals'], 'files'>;
	/** What a command names a file by; `null`: it is on no disk of this machine, so there is no command. @default Its name in the report. */
	readonly pathOf?: ((file: FileReport) => string | null) | undefined;
}

/**
Whether a summary may have something to say of a file besides its figures. Of the others it looks at the first ones only, so it is the same
without the rest.

@param index - How many files of the run ended before.
*/
export const isRemarkable = (file: FileReport, index: number): boolean =>
	index < MAX_FILES_SEARCHED ||
	file.status !== 'completed' ||
	file.rejected_rows > 0 ||
	noRecordOf(file) !== null ||
	missingAnalyses(file).length > 0 ||
	describeDialect(file) !== null;

export function findingsOf(report: Found, analyses: readonly AnalysisInfo[]): readonly Finding[] {
	return [
		failedFinding(report),
		totalsFinding(report, analyses),
		rejectedFinding(report),
		columnFinding(report, analyses),
		dialectFinding(report),
	].filter(finding => finding !== null);
}

/** A line of totals that is read as a record makes sums twice as large. */
function totalsFinding({files, pathOf = nameOf}: Found, analyses: readonly AnalysisInfo[]): Finding | null {
	for (const file of files.slice(0, MAX_FILES_SEARCHED)) {
		for (const [name, result] of resultsOf(file)) {
			const info = analyses.find(each => each.name === name);
			const found = info === undefined ? null : findGroupOfTotals(result, info);
			if (found === null) continue;
			const {column, name: group} = found;
			const text = `${safe(file.file)}: ${safe(column)} ${inQuotes(safe(group))} is the sum of all others, as if a line of totals were read as a record`;
			const where = ` --where ${shellWord(`${column} != "${group}"`)}`;
			return {text, command: group.includes('"') ? null : commandFor(pathOf(file), where)};
		}
	}
	return null;
}

const QUALITY = ' --analysis quality';

/** By the code of an error, the flags of a run that says more, or may succeed; other errors need another file. */
const FLAGS_AFTER: ReadonlyMap<string, string> = new Map([
	// A profile takes any header.
	['MISSING_COLUMN', ' --analysis profile'],
	['DUPLICATE_COLUMN', ' --analysis profile'],
	['AMBIGUOUS_COLUMN', ' --analysis profile'],
	['TOO_MANY_REJECTS', QUALITY],
	['CHANGED_WHILE_READING', ''],
	['TIMEOUT', ''],
	['EIO', ''],
]);

function failedFinding({files, totals, pathOf = nameOf}: Found): Finding | null {
	const failed = files.filter(({status}) => status === 'failed');
	const [code, group] = largestGroup(failed, ({error}) => error?.code ?? '');
	const [first] = group;
	if (first === undefined) return null;
	const which =
		group.length === failed.length ? ` with ${code}` : `, ${formatInteger(group.length)} of them with ${code}`;
	const text = `${formatInteger(failed.length)} of ${quantity(totals?.files ?? files.length, 'file')} failed${which}: ${safe(first.file)}`;
	const flags = FLAGS_AFTER.get(code);
	// One file is named where the failed ones are listed.
	if (flags === undefined && failed.length === 1) return null;
	return {text, command: flags === undefined ? null : commandFor(pathOf(first), flags)};
}

/** Of the files with rejected rows, that of which the largest part was rejected. */
function rejectedFinding({files, pathOf = nameOf}: Found): Finding | null {
	const share = ({rows, rejected_rows}: FileReport): number => (rows === 0 ? 0 : rejected_rows / rows);
	const worst = files.reduce<FileReport | null>(
		(most, file) => (most === null || share(file) > share(most) ? file : most),
		null,
	);
	if (worst === null || worst.rejected_rows === 0) return null;
	const [why] = largestGroup(rejectsOf(worst), ({column, reason}) =>
		column === null ? reason : `${safe(column)} ${reason}`,
	);
	const others = files.reduce((sum, {rejected_rows}) => sum + rejected_rows, -worst.rejected_rows);
	const all = others === 0 ? '' : `, and ${formatInteger(others)} in other files`;
	const rejected = `${formatInteger(worst.rejected_rows)} of ${quantity(worst.rows, 'row')} rejected`;
	const text = `${rejected} in ${safe(worst.file)}${why === '' ? '' : `, most of them for ${why}`}${all}`;
	return {text, command: commandFor(pathOf(worst), QUALITY)};
}

/** How files are written where that may not be as they were meant: the first one is told. */
function dialectFinding({files, pathOf = nameOf}: Found): Finding | null {
	const [first, ...others] = files.filter(file => file.status === 'completed' && describeDialect(file) !== null);
	if (first === undefined) return null;
	const more = others.length === 0 ? '' : `; something like that in ${quantity(others.length, 'other file')}`;
	const text = `${safe(first.file)}: ${safe(describeDialect(first) ?? '')}${more}`;
	const path = pathOf(first);
	return {text, command: path === null || path === '-' ? null : `fileproc-tui sniff ${shellWord(path)}`};
}

function describeDialect({dialect}: FileReport): string | null {
	const [problem] = dialect?.problems ?? [];
	if (problem !== undefined) return `line ${problem.line}: ${problem.message}`;
	const assumed = dialect?.encoding_assumed;
	if (assumed === undefined) return null;
	return `line ${assumed.line} is not UTF-8, so texts are read as ${dialect?.encoding}, which is assumed`;
}

const nameOf = ({file}: FileReport): string => file;

/** `null` for standard input, which is over. */
const commandFor = (file: string | null, flags: string): string | null =>
	file === null || file === '-' ? null : `fileproc-tui ${shellWord(file)}${flags}`;

/** A column with fewer missing cells is usual. */
const MISSING_SHARE = 0.05;

/** Of the columns of tables, that with the largest part of cells that are missing; one with cells of other types goes before. */
function columnFinding(
	{files, analyses: results, pathOf = nameOf}: Found,
	analyses: readonly AnalysisInfo[],
): Finding | null {
	for (const {name, views} of analyses) {
		const view = views.find(({show}) => show === 'columns');
		if (view === undefined || !('rows' in view) || typeof view.name !== 'string') continue;
		const {rows, name: nameKey} = view;
		const [worst] = rowsOf(valueAt(results, name), rows)
			.map(row => ({row, badness: badnessOf(row)}))
			.filter(({badness}) => badness > 0)
			.sort((one, other) => other.badness - one.badness);
		if (worst === undefined) continue;
		const named = textAt(worst.row, nameKey);
		const ofColumn = (result: unknown): number =>
			Math.max(0, ...rowsOf(result, rows).map(row => (textAt(row, nameKey) === named ? badnessOf(row) : 0)));
		const [file] = files
			.filter(each => analysesOf(each).includes(name))
			.slice(0, MAX_FILES_SEARCHED)
			.map(each => ({path: pathOf(each), badness: ofColumn(valueAt(Object.fromEntries(resultsOf(each)), name))}))
			.filter(({badness}) => badness > 0)
			.sort((one, other) => other.badness - one.badness);
		return {
			text: `${safe(named ?? '')} ${describeColumn(worst.row)}`,
			command: file === undefined ? null : commandFor(file.path, QUALITY),
		};
	}
	return null;
}

/** The results of small files are unpacked to be looked at. */
const MAX_FILES_SEARCHED = 200;

// A result may come from a recording, so a part of the wrong type counts as missing.

function rowsOf(result: unknown, key: string): readonly unknown[] {
	const rows = valueAt(result, key);
	return Array.isArray(rows) ? rows : [];
}

function textAt(row: unknown, key: string): string | null {
	const value = valueAt(row, key);
	return typeof value === 'string' ? value : null;
}

function hasOtherTypes(row: unknown): boolean {
	const mostly = textAt(row, 'mostly');
	return mostly !== null && textAt(row, 'type') !== mostly;
}

/** 0 where it is not known. */
const missingShare = (row: unknown): number => Number(textAt(row, 'null_share') ?? 0);

/** A column that is always empty has nothing to look at. */
function badnessOf(row: unknown): number {
	const missing = missingShare(row);
	return (hasOtherTypes(row) ? 1 : 0) + (missing > MISSING_SHARE && missing < 1 ? missing : 0);
}

function describeColumn(row: unknown): string {
	const missing = missingShare(row);
	const parts = [
		...(hasOtherTypes(row) ? [`has cells of other types than ${safe(textAt(row, 'mostly') ?? '')}`] : []),
		...(missing > MISSING_SHARE ? [`is missing in ${(100 * missing).toFixed(1)} % of the rows`] : []),
	];
	return parts.join(', and ');
}

/** The key with the most items, of equal ones the first, and its items; an empty key where there is no item. */
function largestGroup<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, readonly Item[]] {
	const groups = Map.groupBy(items, keyOf);
	let largest: [string, readonly Item[]] = ['', []];
	for (const group of groups) if (group[1].length > largest[1].length) largest = group;
	return largest;
}
