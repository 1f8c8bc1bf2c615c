// The source of `fixtures/recordings/branches.jsonl`: two years of 24 branches, four at a time, with typical problems of such
// folders. It is simulated with a fixed clock, so that it is the same to the last digit everywhere.

import type {RunStarted} from '../../source/model/events.ts';
import type {FileReport} from '../../source/model/report.ts';
import type {TransactionsResult} from '../../source/model/results.ts';
import {createRecorder} from '../../source/report/recorder.ts';
import type {MonthFigure} from '../helpers/months.ts';
import {SampleRun, sampleReport} from './sample-run.ts';

type Result = TransactionsResult;

const CONCURRENCY = 4;
const STEP_MS = 250;
const BYTES_PER_ROW = 62;

const CATEGORY_SHARES: readonly (readonly [name: string, share: number, mean: number])[] = [
	['groceries', 0.31, 42.17],
	['restaurants', 0.19, 31.5],
	['transport', 0.14, 12.8],
	['utilities', 0.1, 96.4],
	['travel', 0.08, 318.25],
	['health', 0.07, 74.1],
	['entertainment', 0.06, 27.35],
	['electronics', 0.04, 412.9],
	['', 0.01, 18.05],
];

/** A sequence that looks random and never changes. */
const noise = (index: number): number => {
	const value = Math.sin(index * 12.9898) * 43_758.5453;
	return value - Math.floor(value);
};

const money = (cents: number): string =>
	`${Math.floor(cents / 100)}.${String(Math.round(cents) % 100).padStart(2, '0')}`;

export function resultOf(rows: number): Result {
	let left = rows;
	const figures = CATEGORY_SHARES.map(([category, share, mean], index) => {
		const isLast = index === CATEGORY_SHARES.length - 1;
		const count = isLast ? left : Math.min(left, Math.round(rows * share));
		left -= count;
		return {category, count, cents: Math.round(count * mean * 100)};
	});
	const total = rows;
	const cents = figures.reduce((sum, figure) => sum + figure.cents, 0);
	return {
		total_transactions: total,
		total_amount: cents / 100,
		total_amount_exact: money(cents),
		average_transaction: Math.round((cents / 100 / total) * 1e6) / 1e6,
		top_category: 'groceries',
		categories: figures.map(figure => ({category: figure.category, count: figure.count, amount: money(figure.cents)})),
		date_range: {earliest: '2023-01-01', latest: '2024-12-31'},
		unique_customers: {value: Math.min(184_213, Math.round(total * 0.21)), exact: total < 900_000},
	};
}

interface Plan {
	readonly file: string;
	readonly bytes: number;
	readonly bytesPerMs: number;
	readonly error?: FileReport['error'];
}

const errorAt = (code: string, message: string, line: number | null): FileReport['error'] => ({
	code,
	message,
	line,
	byte_offset: line === null ? null : line * 61,
});
const ERRORS: ReadonlyMap<number, FileReport['error']> = new Map([
	[
		3,
		errorAt(
			'UNCLOSED_QUOTE',
			'A quote opened on line 48211 (byte 2940871) is still open at the end of the file',
			48_211,
		),
	],
	[8, errorAt('MISSING_COLUMN', 'The column amount is missing; the header has customer_id, value, date, category', 1)],
	[
		11,
		errorAt('UNCLOSED_QUOTE', 'A quote opened on line 9120 (byte 556320) is still open at the end of the file', 9120),
	],
]);

const BRANCHES =
	'amsterdam antwerp barcelona berlin bordeaux brussels cologne copenhagen dublin florence geneva gothenburg hamburg krakow lisbon lyon madrid milan munich porto prague rotterdam vienna zurich';

const plans: readonly Plan[] = BRANCHES.split(' ').map((branch, index) => {
	const error = ERRORS.get(index);
	return {
		file: `exports/${branch}_2023-2024.csv`,
		bytes: Math.round((180 + 640 * noise(index + 1)) * 1e6),
		bytesPerMs: 26_000 + 12_000 * noise(index + 50),
		...(error && {error}),
	};
});

export const REJECTS: FileReport['rejects'] = [
	{line: 1207, byte_offset: 74_834, column: 'amount', reason: 'not-a-number', value: '12,50'},
	{
		line: 88_410,
		byte_offset: 5_481_420,
		column: 'date',
		reason: 'not-a-date',
		value: '31/02/2023',
	},
	{line: 102_973, byte_offset: 6_384_326, column: 'amount', reason: 'missing', value: ''},
	{line: 230_118, byte_offset: 14_267_316, column: null, reason: 'field-count', value: '4711,19.90,2023-02-11'},
];

export const monthFigures: readonly MonthFigure[] = Array.from({length: 24}, (_, index) => ({
	month: `${2023 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`,
	amount: money(Math.round((3_100_000 + 1_400_000 * Math.sin(index / 2.2) + 900_000 * noise(index)) * 100)),
}));

/** The run from its beginning to its end, as lines of a recording. */
export function recordSimulatedRun(): string {
	const lines: string[] = [];
	const recorder = createRecorder({write: line => lines.push(line)});
	simulate(new SampleRun(recorder.handle));
	return lines.join('');
}

function simulate(run: SampleRun): void {
	const reads = plans.map(() => 0);
	let next = 0;
	let running: number[] = [];
	let retryAtMs: number | null = null;
	run.emit(
		{
			type: 'run-started',
			version: '0.1.0',
			paths: ['./exports'],
			fileCount: plans.length,
			bytesTotal: plans.reduce((sum, {bytes}) => sum + bytes, 0),
			concurrency: CONCURRENCY,
			threads: CONCURRENCY,
			// As recorded before analyses were told: such recordings are played, too.
		} as Omit<RunStarted, 'analyses'> as RunStarted,
		...plans.map(({file, bytes}) => ({type: 'file-queued', file, attempt: 0, bytesTotal: bytes}) as const),
	);
	const rejected = (index: number, rows: number): number => (index % 5 === 2 ? Math.round(rows / 61_000) + 4 : 0);
	const end = (index: number, plan: Plan): void => {
		const failed = plan.error ?? null;
		const bytes = failed === null ? plan.bytes : (reads[index] ?? 0);
		const rows = Math.floor(bytes / BYTES_PER_ROW);
		const rejectedRows = rejected(index, rows);
		const report = sampleReport(plan.file, {
			status: failed === null ? 'completed' : 'failed',
			analysis: failed?.code === 'MISSING_COLUMN' ? null : 'transactions',
			bytes,
			rows,
			rejected_rows: rejectedRows,
			processing_time: bytes / plan.bytesPerMs / 1000,
			error: failed,
			result: failed === null ? resultOf(rows - rejectedRows) : null,
			rejects: rejectedRows > 0 ? REJECTS : [],
			attempts: index === 5 ? 2 : 1,
		});
		run.emit({
			type: failed === null ? 'file-completed' : 'file-failed',
			file: plan.file,
			attempt: report.attempts,
			report,
		});
	};
	while (running.length > 0 || next < plans.length) {
		while (running.length < CONCURRENCY && next < plans.length) {
			run.run(plans[next]?.file ?? '');
			running.push(next++);
		}
		run.elapsedMs += STEP_MS;
		// The disk has other work as well.
		const pace = 0.72 + 0.2 * Math.sin(run.elapsedMs / 3700) + 0.16 * noise(run.elapsedMs / STEP_MS);
		const still: number[] = [];
		for (const index of running) {
			const plan = plans[index];
			if (plan === undefined) continue;
			const isBroken = plan.error !== undefined && (plan.error?.code === 'MISSING_COLUMN' || (reads[index] ?? 0) > 2e8);
			if (index === 5 && retryAtMs === null && (reads[index] ?? 0) > 1.2e8) {
				retryAtMs = run.elapsedMs + 1000;
				reads[index] = 0;
				const error = {
					code: 'EIO',
					message: 'Reading failed (EIO): the disk gave an error',
					line: null,
					byte_offset: null,
				};
				run.emit({type: 'file-retrying', file: plan.file, attempt: 1, error, waitMs: 1000});
				still.push(index);
				continue;
			}
			if (index === 5 && retryAtMs !== null && run.elapsedMs < retryAtMs) {
				still.push(index);
				continue;
			}
			if (index === 5 && run.elapsedMs === retryAtMs) run.run(plan.file, 2);
			const bytesRead = Math.min(plan.bytes, Math.round((reads[index] ?? 0) + plan.bytesPerMs * STEP_MS * pace));
			reads[index] = bytesRead;
			if (isBroken || bytesRead === plan.bytes) {
				end(index, plan);
				continue;
			}
			const rows = Math.floor(bytesRead / BYTES_PER_ROW);
			run.emit({
				type: 'file-progressed',
				file: plan.file,
				attempt: index === 5 && retryAtMs !== null ? 2 : 1,
				bytesRead,
				rows,
				rejectedRows: rejected(index, rows),
				isPaused: false,
			});
			still.push(index);
		}
		running = still;
	}
	const {rows, rejectedRows} = run.store.getSnapshot();
	const analyses = {transactions: resultOf(rows - rejectedRows)};
	run.end({analyses});
}
