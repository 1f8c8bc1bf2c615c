// The figures of an analysis as lines: the same for one file, for a file that still streams, and for the whole run.

import type {FileReport} from '../../model/report.ts';
import type {MonthFigure, MonthsSoFar} from '../../model/run-control.ts';
import type {RunState} from '../../store/state.ts';
import {formatDecimal, formatInteger, formatPercent} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {breakFigure, displayWidth, padEnd, truncateMiddle} from '../../text/width.ts';
import {columnChart, plainBar, resample} from '../look/bars.ts';
import {EMPTY_LINE, figure, type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {factLines, heading, wrapWords} from './sections.ts';

type Results = Required<RunState['analyses']>;
export type AnalysisName = keyof Results;

interface Description {
	readonly figures: readonly (readonly [label: string, value: string | null])[];
	readonly groups: {readonly title: string; readonly rows: readonly GroupRow[]};
	/** Why there are no groups although there are records. */
	readonly groupsFault: string | null;
}

interface GroupRow {
	readonly name: string;
	readonly count: number;
	readonly amount: string;
}

/** How each analysis is told; a new analysis adds its entry. */
const DESCRIBERS: {readonly [Name in AnalysisName]: (result: Results[Name]) => Description} = {
	transactions: result => ({
		figures: [
			['transactions', formatInteger(result.total_transactions)],
			['total amount', result.total_amount_exact === null ? null : formatDecimal(result.total_amount_exact)],
			['average', result.average_transaction === null ? null : formatDecimal(String(result.average_transaction))],
			['dates', result.date_range === null ? null : `${result.date_range.earliest} to ${result.date_range.latest}`],
			['customers', `${result.unique_customers.exact ? '' : 'about '}${formatInteger(result.unique_customers.value)}`],
			['top category', topCategory(result)],
		],
		groups: {
			title: 'CATEGORIES',
			rows: result.categories.map(({category, count, amount}) => ({name: nameGroup(category), count, amount})),
		},
		groupsFault: result.categories_error?.message ?? null,
	}),
};

/** What there is to tell of an analysis. */
export const describeResult = <Name extends AnalysisName>(name: Name, result: Results[Name]): Description =>
	DESCRIBERS[name](result);

function topCategory({top_category: top, categories_error: error}: Results['transactions']): string | null {
	if (error !== undefined) return 'too many categories';
	return top === null ? null : nameGroup(top);
}

const nameGroup = (name: string): string => (name === '' ? '(none)' : safe(name));

/** The lines of one analysis, with its groups as bars; none for a file without a result. */
export function buildResultLines(
	name: FileReport['analysis'],
	result: FileReport['result'],
	columns: number,
	look: Look,
): Line[] {
	if (name === null || result === null) return [];
	const {figures, groups, groupsFault} = DESCRIBERS[name](result);
	const {theme, glyphs} = look;
	const lines = figures.flatMap(([label, value]) =>
		factLines(label, value === null ? glyphs.dash : safe(value), columns, look),
	);
	if (groupsFault !== null) {
		const texts = wrapWords(safe(groupsFault), Math.max(1, columns - 4));
		lines.push(EMPTY_LINE, ...texts.map(text => [span('   '), span(text, theme.warning)]));
	}
	if (groups.rows.length > 0) lines.push(EMPTY_LINE, ...groupLines(groups.title, groups.rows, columns, look));
	return lines;
}

const NAME_WIDTH_LIMIT = 22;
const NAME_WIDTH_WANTED = 8;
const BAR_WIDTH_LIMIT = 40;
const BAR_WIDTH_WANTED = 6;

function groupLines(title: string, rows: readonly GroupRow[], columns: number, look: Look): Line[] {
	const {theme, glyphs} = look;
	const cells = rows.map(({name, count, amount}) => ({
		name,
		share: count,
		count: formatInteger(count),
		amount: formatDecimal(safe(amount)),
	}));
	const widest = (texts: readonly string[]): number =>
		texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0);
	const countWidth = Math.max(5, widest(cells.map(({count}) => count)));
	const widestAmount = Math.max(6, widest(cells.map(({amount}) => amount)));
	const nameWanted = Math.min(NAME_WIDTH_LIMIT, Math.max(title.length - 2, widest(cells.map(({name}) => name))));
	// Figures are never cut: the bar gives way first, then the name, and an amount of very many digits has lines of its own.
	const roomForName = columns - 3 - 2 - countWidth - 3 - widestAmount - 1;
	const isAmountBeside = roomForName >= Math.min(nameWanted, NAME_WIDTH_WANTED);
	const amountWidth = isAmountBeside ? widestAmount : 0;
	const nameRoom = isAmountBeside ? roomForName : columns - 3 - 2 - countWidth - 1;
	const nameWidth = Math.max(1, Math.min(nameWanted, nameRoom));
	const rest = columns - 3 - nameWidth - 2 - countWidth - 2 - (isAmountBeside ? amountWidth + 3 : 0);
	const barWidth = rest < BAR_WIDTH_WANTED ? 0 : Math.min(BAR_WIDTH_LIMIT, rest);
	const largest = rows.reduce((most, {count}) => Math.max(most, count), 0);
	const head: Line = [
		span(` ${padEnd(title, nameWidth + 2)}`, theme.heading),
		span(' '.repeat(barWidth > 0 ? barWidth + 2 : 0)),
		figure('COUNT', countWidth + 2, theme.muted),
		...(isAmountBeside ? [figure('AMOUNT', amountWidth + 3, theme.muted)] : []),
	];
	const body = cells.flatMap(({name, share, count, amount}): Line[] => [
		[
			span(`   ${padEnd(truncateMiddle(name, nameWidth, glyphs), nameWidth)}  `),
			...(barWidth > 0 ? [span(padEnd(plainBar(share / largest, barWidth, look), barWidth), theme.active)] : []),
			figure(count, countWidth + (barWidth > 0 ? 2 : 0)),
			...(isAmountBeside ? [figure(amount, amountWidth + 3)] : []),
		],
		...(isAmountBeside ? [] : breakFigure(amount, columns - 6).map(text => [span('     '), span(text, theme.muted)])),
	]);
	return [head, ...body];
}

const MONTH_CHART_ROWS = 4;
/** Two months' names and the space between them. */
const AXIS_COLUMNS = 16;

/** `YYYY-MM`, and no month beyond the twelfth: the months since the year 0. */
function monthNumber(month: string): number {
	const [, year, ofYear] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
	return Number(year) * 12 + Number(ofYear);
}

/** One figure for each month from the first to the last: time goes on where nothing happens. */
function figuresOverTime(months: readonly MonthFigure[], first: MonthFigure, last: MonthFigure): number[] {
	const from = monthNumber(first.month);
	const count = monthNumber(last.month) - from + 1;
	// What is no calendar stands next to each other as it came.
	if (!(count >= months.length)) return months.map(({amount}) => Number(amount));
	const values = Array.from({length: count}, () => 0);
	for (const {month, amount} of months) values[monthNumber(month) - from] = Number(amount);
	return values;
}

/** What is known of the amounts by month of a file. */
export interface KnownMonths {
	readonly months: readonly MonthFigure[];
	/** The part of the file they are of; `null` when it is all of it. */
	readonly part: Omit<MonthsSoFar, 'months'> | null;
}

export const NO_MONTHS: KnownMonths = {months: [], part: null};

/** Of the beginning of a file there are no months of its end: nobody shall take the one for the whole. */
function describePart({part}: KnownMonths): string {
	if (part === null) return '';
	const {bytesRead, bytesTotal} = part;
	if (bytesTotal === null) return 'so far';
	// Of a packed file the last bytes may have been read before they are unpacked.
	const fraction = Math.min(0.99, bytesRead / bytesTotal);
	return fraction < 0.01 ? 'under 1 % of file' : `first ${formatPercent(fraction)} of file`;
}

/** Amounts by month as a chart; months that share a column of a narrow screen are averaged. */
export function buildMonthLines(known: KnownMonths, columns: number, look: Look): Line[] {
	const {months} = known;
	const [first, last] = [months[0], months.at(-1)];
	if (first === undefined || last === undefined || months.length < 2) return [];
	const room = Math.max(1, Math.min(columns - 4, 72));
	const figures = figuresOverTime(months, first, last);
	// A few months get columns that are wide enough to be seen as such, and to have their names under them.
	const widest = Math.max(3, Math.ceil(AXIS_COLUMNS / figures.length));
	const repeat = Math.max(1, Math.min(widest, Math.floor(room / figures.length)));
	const values = resample(figures, room).flatMap(value => Array.from({length: repeat}, () => value));
	const highest = months.reduce((most, month) => (Number(month.amount) > Number(most.amount) ? month : most), first);
	const part = describePart(known);
	const note = `highest ${formatDecimal(safe(highest.amount))} in ${safe(highest.month)}`;
	const notes = part === '' ? note : `${part}, ${note}`;
	const title = 'AMOUNT OVER TIME';
	// Figures are never cut: where there is no room beside the title, they stand under it.
	const isBeside = title.length + 4 + displayWidth(notes) <= columns;
	const noteLines = wrapWords(note, columns - 4).flatMap(text => breakFigure(text, Math.max(1, columns - 4)));
	const axis = [safe(first.month), safe(last.month)];
	const gap = ' '.repeat(Math.max(1, values.length - displayWidth(axis.join(''))));
	return [
		heading(title, look, isBeside ? notes : part),
		...(isBeside ? [] : noteLines.map(text => [span('   '), span(text, look.theme.muted)])),
		...columnChart(values, MONTH_CHART_ROWS, look).map(text => [span('   '), span(text, look.theme.active)]),
		[span(`   ${axis.join(gap)}`, look.theme.muted)],
	];
}
