// Amounts by month of a file, as far as it has been read for them.
import type {AnalysisInfo} from '../../model/analysis-info.ts';
import type {MonthFigure, MonthsSoFar} from '../../model/run-control.ts';
import {presentResult} from '../../store/present.ts';
import {formatPercent} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import type {Line} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {seriesLines} from './series-lines.ts';

/** What is known of the amounts by month of a file. */
export interface KnownMonths {
	readonly months: readonly MonthFigure[];
	/** The part of the file they are of; `null` when it is all of it. */
	readonly part: Omit<MonthsSoFar, 'months'> | null;
}

export const NO_MONTHS: KnownMonths = {months: [], part: null};

const MONTHS_INFO: AnalysisInfo = {
	name: 'months',
	title: 'Amount by month',
	columns: [],
	views: [
		{
			show: 'series',
			title: 'amount over time',
			rows: 'months',
			name: 'month',
			values: [{label: 'amount', key: 'amount', format: 'decimal'}],
		},
	],
};

const builtLines = new WeakMap<KnownMonths, {readonly columns: number; readonly look: Look; readonly lines: Line[]}>();

/** Those of 120,000 months take 30 ms to build: they are built when they change, and not ten times a second. */
export function buildMonths(known: KnownMonths, columns: number, look: Look): Line[] {
	const last = builtLines.get(known);
	if (last?.columns === columns && last.look === look) return last.lines;
	const [table] = presentResult(MONTHS_INFO, {months: known.months}, safe).tables;
	const lines = table === undefined || table.rowCount < 2 ? [] : seriesLines(table, columns, look, describePart(known));
	builtLines.set(known, {columns, look, lines});
	return lines;
}

/** Of the beginning of a file there are no months of its end: nobody shall take the one for the whole. */
function describePart({part}: KnownMonths): string {
	if (part === null) return '';
	const {bytesRead, bytesTotal} = part;
	if (bytesTotal === null) return 'so far';
	// Of a packed file the last bytes may have been read before they are unpacked.
	const fraction = Math.min(0.99, bytesRead / bytesTotal);
	return fraction < 0.01 ? 'under 1 % of file' : `first ${formatPercent(fraction)} of file`;
}
