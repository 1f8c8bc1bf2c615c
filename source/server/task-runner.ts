// The work on a task: its data set goes through the engine, and what came of it is in the ledger together with the events that tell of it.
import {setTimeout as wait} from 'node:timers/promises';
import {zstdCompressSync} from 'node:zlib';
import type {BatchOptions, BatchSettings} from '../engine/batch.ts';
import type {NamedPartial} from '../engine/shared/protocol.ts';
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict, mayPass} from '../ledger/start-commit-thread.ts';
import type {RunEvent} from '../model/events.ts';
import type {ErrorReport, FileReport} from '../model/report.ts';
import {Analyzer} from '../pipeline/analyze.ts';
import {StepError} from '../pipeline/pipeline.ts';
import type {Datasets} from './datasets.ts';
import {describeMapping} from './describe-task.ts';
import type {EventHub} from './event-hub.ts';
import {GatheredPartials} from './gathered-partials.ts';
import {noticesOfTask} from './notices/notice.ts';
import type {FullTables} from './tables/full-tables.ts';
import {eventOf, type Task, type TaskChange, type TaskEnd, type TaskMapping} from './task.ts';
import {TaskCheckpoints} from './task-checkpoints.ts';
import {readingOf, type TaskOptions} from './task-options.ts';

export interface TaskRunnerOptions {
	readonly ledger: ServerLedger;
	readonly datasets: Datasets;
	readonly hub: EventHub;
	/** Tasks that are worked on at once. */
	readonly concurrency: number;
	/** How data sets are read. */
	readonly settings: BatchSettings;
	/** See `BatchOptions`. */
	readonly workers?: BatchOptions['workers'];
	/** Files that an archive may have; left out: as many as any may. */
	readonly maxMembers?: number;
	readonly taskOptions: TaskOptions;
	/** The mapping of a task that has asked for none; `null`: there is none for its file. */
	readonly chooseMapping: (task: Task) => Promise<TaskMapping | null>;
	/** Keeps what goes with a result, before anybody is told of it. */
	readonly keepBeside: (task: Task, report: FileReport, reading: BatchSettings, signal: AbortSignal) => Promise<void>;
	/** Those with more rows than the report of their result lists. */
	readonly fullTables: FullTables;
	/** Called with what goes wrong where nobody waits for an answer. */
	readonly onFault: (error: unknown) => void;
	/** Called when it is written down. */
	readonly onChange?: (change: TaskChange) => void;
	/** The server ends: a task that is given up then begins again with the next process. */
	readonly stopping: AbortSignal;
}

interface WorkingTask {
	readonly task: Task;
	readonly startedAt: number;
	readonly signal: AbortSignal;
	readonly partials: GatheredPartials;
	/** When its progress was told to other instances. */
	toldAt: number;
}

/** Why the signal of a task is aborted where somebody cancels it: what is then written down of that. */
export class Cancellation {
	readonly line: ServerChange;

	constructor(line: ServerChange) {
		this.line = line;
	}
}

/** The reason by which a task is given up that goes on later. */
export const PAUSED = Symbol('paused');

/** How often it is tried to write to a disk that is full, or to a log that is away. */
const AGAIN_MS = 1000;
/** How often other instances are told of progress. */
const TELL_OTHERS_MS = 1000;

/** What a task is while somebody is at it: its state, who is, and at which attempt. */
type Expected = readonly [state: Task['state'], instance: string | null, attempts: number];

const INTERNAL: ErrorReport = {
	code: 'INTERNAL',
	message: 'Something went wrong in the server, whose log says what: try the task again',
	line: null,
	byte_offset: null,
};

export class TaskRunner {
	readonly #options: TaskRunnerOptions;
	readonly #analyzer: Analyzer;
	readonly #working = new Map<string, WorkingTask>();

	constructor(options: TaskRunnerOptions) {
		this.#options = options;
		const {settings, workers, maxMembers, concurrency, ledger, fullTables, onFault} = options;
		const checkpoints = new TaskCheckpoints(ledger, onFault);
		this.#analyzer = new Analyzer({
			...{settings: {...settings, concurrency}, workers},
			// A task that waits for others to end gets a thread beyond those that are worth having.
			maxThreads: Math.max(settings.threads ?? 0, concurrency),
			checkpointsOf: reading => checkpoints.storeFor(reading),
			keepsResults: false,
			takePartials: async (id, place, report, encode) => {
				const working = this.#working.get(id);
				if (working === undefined) return;
				let encoded: readonly NamedPartial[] | undefined;
				// They can be had once.
				const encodeOnce = (): readonly NamedPartial[] => {
					encoded ??= encode();
					return encoded;
				};
				working.partials.add(encodeOnce);
				await fullTables.take(id, place, report, encodeOnce, working.signal);
			},
			...(maxMembers !== undefined && {maxMembers}),
			onEvent: (id, event) => this.#tell(id, event),
		});
	}

	/**
	Resolves when it has ended, or waits again because it is paused or the server stops.

	@param signal - Cancels it, or pauses it where its reason is `PAUSED`.
	@throws {CommitError} When that cannot be written, or somebody has ended it before.
	*/
	async run(task: Task, signal: AbortSignal): Promise<void> {
		const working = {task, startedAt: Date.now(), signal, partials: new GatheredPartials(), toldAt: 0};
		this.#working.set(task.id, working);
		try {
			await this.#work(working);
		} finally {
			await this.#options.fullTables.forget(task.id);
			this.#working.delete(task.id);
		}
	}

	async #work({task: given, startedAt, signal}: WorkingTask): Promise<void> {
		const {datasets, ledger, stopping, keepBeside} = this.#options;
		let chosen: TaskMapping | null;
		try {
			chosen = await this.#options.chooseMapping(given);
		} catch (error) {
			const end: TaskEnd = {state: 'FAILED', report: null, error: this.#reasonOf(error)};
			return this.#endAs(given, end, ['QUEUED', null, given.attempts]);
		}
		const instance = ledger.shared?.instance ?? null;
		const task = {...given, mapping: given.mapping ?? chosen};
		const {id, file, attempts, dataset, createdAt, bytes: bytesTotal} = task;
		const mapping = describeMapping(task.mapping);
		await this.#commitInTime(
			{statement: 'startTask', values: [startedAt, instance, id, attempts], rows: 1},
			...(chosen === null ? [] : [{statement: 'mapTask' as const, values: [JSON.stringify(chosen), id], rows: 1}]),
			eventOf(task, 'run-started', {
				...{runId: id, paths: [file], fileCount: 1, bytesTotal},
				...(mapping !== null && {mapping}),
			}),
			eventOf(task, 'file-queued', {runId: id, file, attempt: attempts, bytesTotal}),
			eventOf(task, 'file-started', {runId: id, file, attempt: attempts + 1}),
		);
		this.#options.onChange?.({type: 'task-started', task, waitedMs: attempts === 0 ? startedAt - createdAt : null});
		const path = datasets.pathOf(dataset);
		const own: Expected = ['PROCESSING', instance, attempts + 1];
		try {
			const reading = readingOf(task, this.#options.taskOptions);
			const set = {claim: id, name: file, path, bytes: bytesTotal};
			const report = await this.#analyzer.analyze(set, reading, signal);
			await keepBeside(task, report, reading, signal);
			await this.#endAs(task, {state: 'COMPLETED', report, error: null}, own);
		} catch (error) {
			if (signal.aborted && (stopping.aborted || signal.reason === PAUSED)) {
				return this.#commitInTime({statement: 'requeueTask', values: [id, instance]});
			}
			if (signal.aborted) {
				const {reason} = signal;
				const further = reason instanceof Cancellation ? [reason.line] : [];
				return this.#endAs(task, {state: 'CANCELLED', report: null, error: null}, own, ...further);
			}
			return this.#endAs(task, {state: 'FAILED', report: null, error: this.#reasonOf(error)}, own);
		}
	}

	#reasonOf(error: unknown): ErrorReport {
		if (error instanceof StepError) {
			const {code, message, report} = error;
			return report?.error ?? {code, message, line: null, byte_offset: null};
		}
		this.#options.onFault(error);
		return INTERNAL;
	}

	/** Writes the end of a task, of one that waits, too; whoever is at it. */
	end(task: Task, end: TaskEnd, ...further: readonly ServerChange[]): Promise<void> {
		return this.#endAs(task, end, null, ...further);
	}

	/** @param expected - What it must still be; `null`: open. */
	async #endAs(
		task: Task,
		end: TaskEnd,
		expected: Expected | null,
		...further: readonly ServerChange[]
	): Promise<void> {
		const {state, report, error} = end;
		const {id, file, attempts} = task;
		const {rows = null, rejected_rows: rejectedRows = null} = report ?? {};
		const packed = report === null ? null : zstdCompressSync(JSON.stringify(report));
		const partials = report === null ? null : await this.#working.get(id)?.partials.pack();
		const about = {runId: id, file, attempt: attempts + 1};
		const type = `file-${state.toLowerCase()}`;
		const thin = {status: state.toLowerCase(), rows, rejected_rows: rejectedRows, error};
		try {
			await this.#commitInTime(
				{
					statement: 'endTask',
					values: [
						state,
						Date.now(),
						rows,
						rejectedRows,
						error === null ? null : JSON.stringify(error),
						packed,
						partials ?? null,
						id,
						...(expected ?? [null, null, null]),
					],
					rows: 1,
				},
				{statement: 'removeCheckpoints', values: [task.dataset]},
				eventOf(task, type, {...about, report: {file, ...thin}}),
				eventOf(task, 'run-completed', {runId: id, status: state === 'CANCELLED' ? 'cancelled' : 'completed'}),
				...noticesOfTask(task, end),
				...further,
			);
			const startedAt = this.#working.get(id)?.startedAt;
			const ms = startedAt === undefined ? null : Date.now() - startedAt;
			this.#options.onChange?.({type: 'task-ended', task, end, ms});
		} catch (fault) {
			// Somebody has ended it meanwhile.
			if (!isConflict(fault)) throw fault;
		}
	}

	/** What has become of it is written down as soon as it can be: nobody else takes it on meanwhile. */
	async #commitInTime(...changes: readonly ServerChange[]): Promise<void> {
		for (;;) {
			try {
				return await this.#options.ledger.commit(...changes);
			} catch (error) {
				if (!mayPass(error) || this.#options.stopping.aborted) throw error;
			}
			await wait(AGAIN_MS, undefined, {ref: false});
		}
	}

	/** Of no interest any more once there is a newer one, so none of it is kept. */
	#tell(id: string, event: RunEvent): void {
		const working = this.#working.get(id);
		if (working === undefined) return;
		const {task} = working;
		const about = {type: event.type, at: event.at, runId: id, file: task.file, attempt: task.attempts + 1};
		const tell = (further: object): void => {
			const line = JSON.stringify({...about, ...further});
			this.#options.hub.tell(task.account, id, line);
			const now = performance.now();
			if (now - working.toldAt < TELL_OTHERS_MS || this.#options.ledger.shared === null) return;
			working.toldAt = now;
			this.#options.ledger.tellOthers(task.account, id, line);
		};
		if (event.type === 'file-progressed') {
			const {bytesRead, rows, rejectedRows} = event;
			tell({bytesRead, rows, rejectedRows, isPaused: false});
		} else if (event.type === 'file-retrying') {
			const {error, waitMs} = event;
			this.#options.onChange?.({type: 'task-retrying', task, code: error.code});
			tell({error, waitMs});
		}
	}

	async close(): Promise<void> {
		await this.#analyzer.close();
	}
}
