// Reads a source for what no report has: the amounts by month. See engine/run/month-sums.ts.
import {formatExact} from '../../../analysis/decimal.ts';
import {defineAnalysis, groupBy, month, sum} from '../../../analysis/declaration.ts';
import {keyEnd, keyStart, sumOf, textOf} from '../../../analysis/groups/group-table.ts';
import {compileProgram, type Program} from '../../../analysis/program.ts';
import {stateOfFigures} from '../../../analysis/state.ts';
import {layOutStates} from '../../../analysis/state-layout.ts';
import type {ByteSource} from '../../../input/byte-source.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {KernelFigures} from '../../../kernel/program.ts';
import type {MonthFigure} from '../../../model/run-control.ts';
import {monotonicMs} from '../../shared/monotonic.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import type {FoldPulse} from './fold.ts';
import {KernelReading} from './kernel-reading.ts';

/** The records and columns of transactions, summed by nothing but the month. */
const byMonth = defineAnalysis({
	name: 'months',
	version: 1,
	title: 'Amounts by month',
	columns: {amount: {is: 'number'}, date: {is: 'date'}},
	measures: {months: groupBy(month('date'), {amount: sum('amount')}, {orderBy: 'amount'})},
	views: [],
});

/** @param indexes - Where the columns of transactions stand. */
function compileMonths([, amount = -1, date = -1]: readonly number[]): Program {
	return compileProgram([{declaration: byMonth, indexes: {amount, date}}]);
}

const layout = layOutStates(byMonth);

/** The exact sum of each month with an accepted record, in order, all with the decimals of the whole. */
function monthsOf([figures]: readonly KernelFigures[]): MonthFigure[] {
	if (figures === undefined) return [];
	const [table] = stateOfFigures(layout, figures, 'utf-8').tables;
	if (table === undefined) throw new Error('Expected a table of months');
	const months = Array.from({length: table.count}, (_, place) => ({
		month: textOf(table, {start: keyStart(table, place), end: keyEnd(table, place)}),
		sum: sumOf(table, place, 0),
	}));
	const scale = months.reduce((most, {sum}) => Math.max(most, sum.scale), 0);
	return months
		.sort((one, other) => (one.month < other.month ? -1 : 1))
		.map(({month, sum}) => ({month, amount: formatExact(sum, scale)}));
}

/** What is read in less is told as a whole; beyond it, four times a second is live enough. */
const SO_FAR_INTERVAL_MS = 250;

/** Telling takes at most one part in so many of the time: a file may have 120,000 months, which take 100 ms to hand over. */
const TELLING_PART = 20;

/**
@param tellSoFar - Told between chunks, now and then, what the records in front of a place in the source came to.
@param now - Monotonic milliseconds.
*/
export async function sumByMonth(
	source: ByteSource,
	kernel: Kernel,
	settings: ReadSettings,
	tellSoFar: (months: MonthFigure[], bytesConsumed: number) => void,
	now = monotonicMs,
): Promise<MonthFigure[]> {
	const {tellsEachChunk = false} = settings;
	let tellAtMs = now() + SO_FAR_INTERVAL_MS;
	const pulse: FoldPulse = {
		report() {
			const nowMs = now();
			if (nowMs < tellAtMs && !tellsEachChunk) return;
			tellSoFar(monthsOf(reading.takeFigures()), reading.offset);
			const toldAtMs = now();
			tellAtMs = toldAtMs + Math.max(SO_FAR_INTERVAL_MS, TELLING_PART * (toldAtMs - nowMs));
		},
		wait() {},
	};
	// Waits are simulated to watch a run; this is none.
	const reading = new KernelReading(kernel, {...settings, simulateIoMs: 0}, pulse, compileMonths);
	await reading.begin(source);
	await reading.readRecords(source);
	return monthsOf(reading.takeFigures());
}
