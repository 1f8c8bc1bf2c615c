// The figures of an analysis as lines: the same for one file and for the whole run.
import type {FileReport} from '../store/report-types.ts';
import type {RunState} from '../store/state.ts';
import {formatDecimal, formatInteger} from '../text/format.ts';
import {safe} from '../text/safe.ts';
import {displayWidth, padEnd, truncateMiddle} from '../text/width.ts';
import {plainBar} from './bars.ts';
import {EMPTY_LINE, figure, type Line, span} from './line.ts';
import type {Look} from './look.ts';

type Results = Required<RunState['analyses']>;
export type AnalysisName = keyof Results;

interface Description {
	readonly figures: readonly (readonly [label: string, value: string | null])[];
	readonly groups: {readonly title: string; readonly rows: readonly GroupRow[]};
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
			['top category', result.top_category === null ? null : nameGroup(result.top_category)],
		],
		groups: {
			title: 'CATEGORIES',
			rows: result.categories.map(({category, count, amount}) => ({name: nameGroup(category), count, amount})),
		},
	}),
};

const nameGroup = (name: string): string => (name === '' ? '(none)' : safe(name));

const LABEL_WIDTH = 16;

/** The lines of one analysis, with its groups as bars; none for a file without a result. */
export function buildResultLines(
	name: FileReport['analysis'],
	result: FileReport['result'],
	columns: number,
	look: Look,
): Line[] {
	if (name === null || result === null) return [];
	const {figures, groups} = DESCRIBERS[name](result);
	const {theme, glyphs} = look;
	const lines: Line[] = figures.map(([label, value]) => [
		span('   '),
		span(padEnd(label, LABEL_WIDTH), theme.muted),
		span(value === null ? glyphs.dash : safe(value)),
	]);
	if (groups.rows.length > 0) lines.push(EMPTY_LINE, ...groupLines(groups.title, groups.rows, columns, look));
	return lines;
}

const NAME_WIDTH_LIMIT = 22;
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
	const amountWidth = Math.max(6, widest(cells.map(({amount}) => amount)));
	const nameWidth = Math.min(NAME_WIDTH_LIMIT, Math.max(title.length - 2, widest(cells.map(({name}) => name))));
	const rest = columns - 3 - nameWidth - 2 - countWidth - 3 - amountWidth - 2;
	const barWidth = rest < BAR_WIDTH_WANTED ? 0 : Math.min(BAR_WIDTH_LIMIT, rest);
	const largest = rows.reduce((most, {count}) => Math.max(most, count), 0);
	const heading: Line = [
		span(` ${padEnd(title, nameWidth + 2)}`, theme.heading),
		span(' '.repeat(barWidth > 0 ? barWidth + 2 : 0)),
		figure('COUNT', countWidth + 2, theme.muted),
		figure('AMOUNT', amountWidth + 3, theme.muted),
	];
	const body = cells.map(({name, share, count, amount}) => [
		span(`   ${padEnd(truncateMiddle(name, nameWidth, glyphs), nameWidth)}  `),
		...(barWidth > 0 ? [span(padEnd(plainBar(share / largest, barWidth, look), barWidth), theme.active)] : []),
		figure(count, countWidth + (barWidth > 0 ? 2 : 0)),
		figure(amount, amountWidth + 3),
	]);
	return [heading, ...body];
}
