// What changed between two runs, in words that all outputs share.
import {type AnalysisDiff, type ColumnDiff, DRIFT_THRESHOLDS, type RunDiff} from '../model/run-diff.ts';
import {formatDecimal, formatInteger, quantity} from '../text/format.ts';
import {inQuotes} from '../text/in-quotes.ts';
import {formatValue, type MakeSafe} from './present.ts';

/** A label, and what changed: `rows`, `1,200, before 1,000`. */
export interface DiffFact {
	readonly label: string;
	readonly text: string;
}

/** What changed in the figures of an analysis. */
export interface DiffSection {
	readonly title: string;
	readonly facts: readonly DiffFact[];
}

export interface DescribedDiff {
	/** `since the run of 2026-11-28 15:56 UTC` */
	readonly since: string;
	readonly facts: readonly DiffFact[];
	/** Which files are new, gone and changed. */
	readonly files: readonly DiffFact[];
	readonly sections: readonly DiffSection[];
	/** Whole sentences under them. */
	readonly notes: readonly string[];
}

/** @param nameLimit - So many names of files, groups or columns are told at once. */
export function describeDiff(diff: RunDiff, makeSafe: MakeSafe, nameLimit: number): DescribedDiff {
	const {totals, analyses} = diff;
	const {from, to} = totals;
	return {
		since: `since the run of ${diff.from_started_at.slice(0, 16).replace('T', ' ')} UTC`,
		facts: [
			{label: 'files', text: describeCounts(diff)},
			...stepFact('rows', from.rows, to.rows),
			...stepFact('rejected', from.rejected_rows, to.rejected_rows),
			...stepFact('filtered', from.filtered ?? 0, to.filtered ?? 0),
			...stepFact('failed', from.failed, to.failed),
		],
		files: [
			...namesFact('new', diff.new, makeSafe, nameLimit),
			...namesFact('gone', diff.gone, makeSafe, nameLimit),
			...namesFact('changed', diff.changed, makeSafe, nameLimit),
		],
		sections: analyses.map(analysis => describeAnalysis(analysis, makeSafe, nameLimit)),
		notes: [
			...(diff.same_settings ? [] : ['That run was made with other settings, so figures may differ for that reason.']),
			...(analyses.some(({columns}) => columns.length > 0) ? [THRESHOLDS] : []),
		],
	};
}

const {nullsPercent, distinctPercent, meanPercent} = DRIFT_THRESHOLDS;
const THRESHOLDS = `Columns are told of from a move of ${nullsPercent} % of their cells (nulls), ${distinctPercent} % (different values) and ${meanPercent} % (mean) on.`;

function describeCounts({new: added, gone, changed, unchanged}: RunDiff): string {
	if (added.length + gone.length + changed.length === 0)
		return unchanged === 1 ? 'the same one' : `the same ${formatInteger(unchanged)}`;
	const count = (number: number, what: string): string[] => (number === 0 ? [] : [`${formatInteger(number)} ${what}`]);
	return [
		...count(added.length, 'new'),
		...count(gone.length, 'gone'),
		...count(changed.length, 'changed'),
		`${formatInteger(unchanged)} unchanged`,
	].join(', ');
}

const step = (from: string, to: string): string => `${to}, before ${from}`;

const stepFact = (label: string, from: number, to: number): DiffFact[] =>
	from === to ? [] : [{label, text: step(formatInteger(from), formatInteger(to))}];

const namesFact = (label: string, names: readonly string[], makeSafe: MakeSafe, limit: number): DiffFact[] =>
	names.length === 0 ? [] : [{label, text: listNames(names, makeSafe, limit)}];

function listNames(names: readonly string[], makeSafe: MakeSafe, limit: number): string {
	const listed = names.slice(0, limit).map(makeSafe).join(', ');
	return names.length > limit ? `${listed} + ${formatInteger(names.length - limit)} more` : listed;
}

/** A value that a run does not have. */
const NONE = 'none';

function describeAnalysis(
	{title, figures, tables, columns}: AnalysisDiff,
	makeSafe: MakeSafe,
	limit: number,
): DiffSection {
	const shown = columns.slice(0, limit);
	// A name of the data may have commas, or be empty.
	const quote: MakeSafe = name => inQuotes(makeSafe(name));
	const more = columns.length - shown.length;
	return {
		title: makeSafe(title),
		facts: [
			...figures.map(({label, format, from, to}) => {
				const [before, now] = [from, to].map(value => formatValue(value, format, makeSafe) ?? NONE);
				return {label: makeSafe(label), text: step(before ?? NONE, now ?? NONE)};
			}),
			...tables.flatMap(table => [
				...namesFact(`new ${makeSafe(table.title)}`, table.new, quote, limit),
				...namesFact(`${makeSafe(table.title)} gone`, table.gone, quote, limit),
			]),
			...shown.map(column => ({label: makeSafe(column.column), text: describeColumn(column)})),
			...(more > 0 ? [{label: '', text: `+ ${quantity(more, 'column')} more`}] : []),
		],
	};
}

function describeColumn({nulls, distinct, mean}: ColumnDiff): string {
	const share = ({nulls: count, cells}: {readonly nulls: number; readonly cells: number}): string =>
		`${((count / cells) * 100).toFixed(1)} %`;
	return [
		...(nulls === undefined ? [] : [`nulls ${step(share(nulls.from), share(nulls.to))}`]),
		...(distinct === undefined
			? []
			: [`different values ${step(formatInteger(distinct.from), formatInteger(distinct.to))}`]),
		...(mean === undefined ? [] : [`mean ${step(formatDecimal(mean.from), formatDecimal(mean.to))}`]),
	].join('; ');
}
