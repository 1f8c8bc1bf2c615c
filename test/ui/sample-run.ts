// A run made of events, as the engine would emit them, with round figures and a fixed clock.

import {describeAnalyses} from '../../source/analysis/registry.ts';
import type {RunEvent, RunFact} from '../../source/model/events.ts';
import type {FileReport, Report} from '../../source/model/report.ts';
import {performWith} from '../../source/model/run-command.ts';
import type {RunControl} from '../../source/model/run-control.ts';
import {createRunState, reduceInPlace} from '../../source/store/reduce.ts';
import type {RunState} from '../../source/store/state.ts';
import {createStore, type Store} from '../../source/store/store.ts';

export const MEGABYTE = 1_000_000;

export class SampleRun {
	elapsedMs = 0;
	readonly store: Store<RunState, RunEvent>;
	/** The commands sent to the run, in order. */
	readonly requests: string[] = [];
	readonly control: RunControl;
	/** How many of the claims that are asked for can be retried. */
	retriable = Number.POSITIVE_INFINITY;
	readonly #onEvent: (event: RunEvent) => void;
	#seq = 0;

	constructor(onEvent: (event: RunEvent) => void = () => {}) {
		this.#onEvent = onEvent;
		// Events emitted together are one frame.
		this.store = createStore({initialState: createRunState(), reduce: reduceInPlace, scheduleFrame: () => {}});
		this.store.flush();
		const note = (text: string): void => void this.requests.push(text);
		this.control = {
			perform: performWith({
				pause: () => note('pause'),
				resume: () => note('resume'),
				stop: () => note('stop'),
				'pause-file': ({file}) => note(`pause ${file}`),
				'resume-file': ({file}) => note(`resume ${file}`),
				'cancel-file': ({file}) => note(`cancel ${file}`),
				'retry-files': ({files}) => {
					note(`retry ${files.map(({file}) => file).join(' ')}`);
					return {fileCount: files.length};
				},
				'retry-claims': async ({claims, tag}) => {
					note(
						`retry claims ${typeof claims === 'string' ? claims : claims.join(' ')}${tag === null ? '' : ` on ${tag}`}`,
					);
					return {fileCount: Math.min(this.retriable, typeof claims === 'string' ? 2 : claims.length)};
				},
				'set-concurrency': ({concurrency}) => {
					note(`at once ${concurrency}`);
					return {concurrency: Math.max(1, Math.min(4, concurrency))};
				},
			}),
		};
	}

	readonly now = (): number => this.elapsedMs;

	emit(...facts: readonly RunFact[]): void {
		for (const fact of facts) {
			const {type, ...rest} = fact;
			const at = '2026-01-01T00:00:00.000Z';
			const event = {type, seq: ++this.#seq, at, elapsedMs: this.elapsedMs, ...rest} as RunEvent;
			this.store.dispatch(event);
			this.#onEvent(event);
		}
		this.store.flush();
	}

	/** Handles a recorded event. Events of the same time are one frame. */
	replay(event: RunEvent): void {
		if (event.elapsedMs !== this.elapsedMs) this.store.flush();
		this.elapsedMs = event.elapsedMs;
		this.#seq = event.seq;
		this.store.dispatch(event);
	}

	start(files: readonly string[], bytesTotal = 100 * MEGABYTE, analyses = describeAnalyses(null)): void {
		this.emit(
			{
				type: 'run-started',
				version: '0.1.0',
				paths: ['./data'],
				fileCount: files.length,
				bytesTotal: files.length * bytesTotal,
				concurrency: 3,
				threads: 2,
				analyses,
			},
			...files.map(file => ({type: 'file-queued', file, attempt: 0, bytesTotal}) as const),
		);
	}

	run(file: string, attempt = 1): void {
		this.emit({type: 'file-started', file, attempt});
	}

	progress(file: string, bytesRead: number, isPaused = false): void {
		const rows = Math.floor(bytesRead / 100);
		this.emit({type: 'file-progressed', file, attempt: 1, bytesRead, rows, rejectedRows: 2, isPaused});
	}

	complete(file: string, overrides: Partial<FileReport> = {}): void {
		this.emit({type: 'file-completed', file, attempt: 1, report: sampleReport(file, overrides)});
	}

	fail(file: string, message: string, line: number | null = null): void {
		const error = {code: 'UNCLOSED_QUOTE', message, line, byte_offset: 112};
		const report = sampleReport(file, {
			status: 'failed',
			analysis: null,
			result: null,
			rejects: [],
			rows: 0,
			rejected_rows: 0,
			bytes: 300,
			error,
		});
		this.emit({type: 'file-failed', file, attempt: 1, report});
	}

	end(overrides: Partial<Report> = {}): void {
		const {counts, bytesRead, rows, rejectedRows, fileCount} = this.store.getSnapshot();
		this.emit({
			type: 'run-completed',
			status: overrides.status ?? 'completed',
			totals: {
				files: fileCount,
				completed: counts.completed,
				failed: counts.failed,
				cancelled: counts.cancelled,
				skipped: counts.skipped,
				bytes: bytesRead,
				rows,
				rejected_rows: rejectedRows,
				processing_time: this.elapsedMs / 1000,
			},
			analyses: overrides.analyses ?? {transactions: sampleResult},
		});
	}
}

const sampleResult = {
	total_transactions: 1_299_998,
	total_amount: 1234567.5,
	total_amount_exact: '1234567.50',
	average_transaction: 12.597551,
	top_category: 'groceries',
	categories: [
		{category: 'groceries', count: 800_000, amount: '803000.10'},
		{category: 'travel', count: 400_000, amount: '400000.40'},
		{category: '', count: 99_998, amount: '31567.00'},
	],
	date_range: {earliest: '2024-01-01', latest: '2024-12-31'},
	unique_customers: {value: 37_411, exact: false},
} as const;

export const sampleReport = (file: string, overrides: Partial<FileReport> = {}): FileReport => ({
	file,
	status: 'completed',
	analysis: 'transactions',
	attempts: 1,
	bytes: 100 * MEGABYTE,
	rows: 1_300_000,
	rejected_rows: 2,
	processing_time: 1.25,
	error: null,
	dialect: {delimiter: ',', quote: '"', encoding: 'utf-8', newline: '\n', header: true, compression: null},
	result: sampleResult,
	rejects: [
		{line: 17, byte_offset: 803, column: 'amount', reason: 'not-a-number', value: '12,5o'},
		{line: 4021, byte_offset: 99_803, column: null, reason: 'field-count', value: 'a,b'},
	],
	...overrides,
});

/** 12 files: 3 done, 1 failed, 3 running, the others waiting; 5 seconds in. */
export function sampleRun(): SampleRun {
	const run = new SampleRun();
	const files = Array.from({length: 12}, (_, index) => `data/transactions_${String(index + 1).padStart(3, '0')}.csv`);
	const [first = '', second = '', third = '', fourth = '', fifth = '', sixth = '', seventh = ''] = files;
	run.start(files);
	for (const file of [first, second, third]) run.run(file);
	run.elapsedMs = 2000;
	for (const file of [first, second]) run.complete(file);
	run.fail(third, 'A quote is never closed', 4);
	for (const file of [fourth, fifth, sixth]) run.run(file);
	run.elapsedMs = 4000;
	run.complete(fourth);
	run.run(seventh);
	for (const file of [fifth, sixth, seventh]) run.progress(file, 20 * MEGABYTE);
	run.elapsedMs = 5000;
	for (const [index, file] of [fifth, sixth, seventh].entries()) run.progress(file, (70 - 20 * index) * MEGABYTE);
	return run;
}
