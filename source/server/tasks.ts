// What is made of data sets: tasks wait, take turns between their users, and are worked on by one engine. Each change of a task is in the
// ledger together with the events that tell of it.
import {EventEmitter, once} from 'node:events';
import {setTimeout as wait} from 'node:timers/promises';
import {zstdCompressSync} from 'node:zlib';
import type {BatchSettings} from '../engine/batch.ts';
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {CommitError} from '../ledger/start-commit-thread.ts';
import type {RunEvent} from '../model/events.ts';
import type {ErrorReport, FileReport} from '../model/report.ts';
import {Analyzer} from '../pipeline/analyze.ts';
import {StepError} from '../pipeline/pipeline.ts';
import type {User} from './accounts.ts';
import type {Dataset, Datasets} from './datasets.ts';
import type {EventHub} from './event-hub.ts';
import {createId} from './ids.ts';
import {notFound, problem} from './problem.ts';
import {
	eventOf,
	isOpen,
	queuedEvent,
	TASKS,
	type Task,
	type TaskChange,
	type TaskEnd,
	type TaskState,
	toTask,
} from './task.ts';
import {TaskCheckpoints} from './task-checkpoints.ts';
import {Turns} from './turns.ts';

export interface TaskLimits {
	readonly maxConcurrentTasks: number;
	readonly maxQueued: number;
	readonly maxQueuedPerUser: number;
	/** `reject`: nothing waits. */
	readonly onFull: 'queue' | 'reject';
}

export interface TasksOptions {
	readonly ledger: ServerLedger;
	readonly datasets: Datasets;
	readonly hub: EventHub;
	readonly limits: TaskLimits;
	/** How data sets are read. */
	readonly settings: BatchSettings;
	/** Files that an archive may have; left out: as many as any may. */
	readonly maxMembers?: number;
	/** Keeps what goes with a result, before anybody is told of it. */
	readonly keepBeside: (task: Task, report: FileReport, signal: AbortSignal) => Promise<void>;
	/** Called with what goes wrong where nobody waits for an answer. */
	readonly onFault: (error: unknown) => void;
	/** Called when it is written down. */
	readonly onChange?: (change: TaskChange) => void;
}

/** So many processes may die while they are at a task, and get no further with it. */
const MAX_DEATHS = 5;
/** Then it runs by itself, so that others are not blamed for what it does. */
const DEATHS_OF_SUSPECT = 2;
/** Users among whom the next turn is found. */
const MAX_CANDIDATES = 64;
/** How often it is tried to write to a disk that is full. */
const FULL_DISK_MS = 1000;

interface RunningTask {
	readonly task: Task;
	readonly startedAt: number;
	readonly controller: AbortController;
	readonly done: Promise<void>;
}

const CRASH_LOOP: ErrorReport = {
	code: 'CRASH_LOOP',
	message: `The server died ${MAX_DEATHS} times while it read this file, and got no further, so it is not tried again by itself`,
	...{line: null, byte_offset: null},
};

const INTERNAL: ErrorReport = {
	code: 'INTERNAL',
	message: 'Something went wrong in the server, whose log says what: try the task again',
	...{line: null, byte_offset: null},
};

const SUSPECT = `SELECT number FROM tasks WHERE state = 'QUEUED' AND deaths >= ${DEATHS_OF_SUSPECT} ORDER BY number LIMIT 1`;

export class Tasks {
	readonly #options: TasksOptions;
	readonly #analyzer: Analyzer;
	readonly #checkpoints: TaskCheckpoints;
	readonly #running = new Map<string, RunningTask>();
	readonly #turns = new Turns();
	/** The task that runs by itself. */
	#suspect: string | null = null;
	readonly #stopping = new AbortController();
	/** An event by the id of each task that ends. */
	readonly #ends = new EventEmitter().setMaxListeners(0);

	constructor(options: TasksOptions) {
		this.#options = options;
		const {settings, maxMembers, limits, ledger, onFault} = options;
		const {maxConcurrentTasks: concurrency} = limits;
		this.#checkpoints = new TaskCheckpoints(ledger, onFault);
		this.#analyzer = new Analyzer({
			settings: {...settings, concurrency},
			// A task that waits for others to end gets a thread beyond those that are worth having.
			maxThreads: Math.max(settings.threads ?? 0, concurrency),
			checkpointsOf: reading => this.#checkpoints.storeFor(reading),
			keepsResults: false,
			...(maxMembers !== undefined && {maxMembers}),
			onEvent: (id, event) => this.#tellProgress(id, event),
		});
	}

	get activeCount(): number {
		return this.#running.size;
	}

	get queuedCount(): number {
		return this.#count(`state = 'QUEUED'`);
	}

	/** Those that a process was at when it died begin again, large ones from their last checkpoint. */
	async resume(): Promise<void> {
		const {ledger} = this.#options;
		for (const row of ledger.all(`${TASKS} WHERE tasks.state = 'PROCESSING'`)) {
			const task = toTask(row);
			if (Number(row.deaths) + 1 < MAX_DEATHS)
				await ledger.commit({statement: 'requeueDeadTask', values: [task.id], rows: 1});
			else await this.#end(task, {state: 'FAILED', report: null, error: CRASH_LOOP});
		}
		this.#startNext();
	}

	/**
	@throws {Problem} 429 where too many wait already.
	@param further - Is written in the same transaction.
	*/
	async submit(
		user: User,
		dataset: Dataset,
		{task, analyses}: {readonly task: string; readonly analyses: readonly string[]},
		further: (task: Task) => readonly ServerChange[] = () => [],
	): Promise<Task> {
		this.#assertRoom(user);
		const id = createId('r');
		const createdAt = Date.now();
		const draft: Task = {
			...{number: 0, id, account: user.id, dataset: dataset.id, file: dataset.name, task, analyses, createdAt},
			...{state: 'QUEUED', attempts: 0, startedAt: null, endedAt: null, rows: null, rejectedRows: null, error: null},
		};
		await this.#options.ledger.commit(
			{
				statement: 'addTask',
				values: [id, user.id, task, JSON.stringify(analyses), createdAt, dataset.id],
				rows: 1,
			},
			queuedEvent(draft),
			...further(draft),
		);
		this.#startNext();
		return draft;
	}

	/** @throws {Problem} 404, also where it belongs to somebody else. */
	find(user: User, id: string): Task {
		const row = this.#options.ledger.get(`${TASKS} WHERE tasks.id = ? AND tasks.account = ?`, id, user.id);
		if (row === undefined) throw notFound('task');
		return toTask(row);
	}

	/**
	The newest first.

	@param state - `null`: of any.
	@param before - Older than the one with this number; `null`: from the newest on.
	*/
	list(user: User, limit: number, before: number | null = null, state: TaskState | null = null): readonly Task[] {
		return this.#options.ledger
			.all(
				`${TASKS} WHERE tasks.account = ?1 AND tasks.number < ?2 AND (?4 IS NULL OR tasks.state = ?4)
				ORDER BY tasks.number DESC LIMIT ?3`,
				...[user.id, before ?? Number.MAX_SAFE_INTEGER, limit, state],
			)
			.map(toTask);
	}

	/** Resolves when it has ended, or after this time at the latest. */
	async untilEnded(user: User, id: string, timeoutMs: number): Promise<Task> {
		const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#stopping.signal]);
		// Ends between the look and the wait are not missed: nothing happens between the two.
		if (isOpen(this.find(user, id)) && !signal.aborted) await once(this.#ends, id, {signal}).catch(onlyAborted);
		return this.find(user, id);
	}

	/** How many are in front of it. */
	positionOf({number, state}: Task): number | null {
		return state === 'QUEUED' ? this.#count(`state = 'QUEUED' AND number < ${number}`) + 1 : null;
	}

	async cancel(user: User, id: string): Promise<Task> {
		const task = this.find(user, id);
		const running = this.#running.get(id);
		if (running !== undefined) {
			running.controller.abort();
			await running.done;
		} else if (task.state === 'QUEUED') await this.#end(task, {state: 'CANCELLED', report: null, error: null});
		return this.find(user, id);
	}

	async retry(user: User, id: string): Promise<Task> {
		const task = this.find(user, id);
		this.#options.datasets.find(user, task.dataset);
		if (task.state !== 'FAILED' && task.state !== 'CANCELLED')
			throw problem('NOT_ENDED', `The task is ${task.state}: only failed and cancelled ones are retried.`);
		this.#assertRoom(user);
		await this.#options.ledger.commit({statement: 'queueTaskAgain', values: [id], rows: 1}, queuedEvent(task));
		this.#startNext();
		return this.find(user, id);
	}

	/** Nothing new is started; those that run are given up, and begin again with the next process. */
	async close(): Promise<void> {
		this.#stopping.abort();
		for (const {controller} of this.#running.values()) controller.abort();
		await Promise.allSettled(Array.from(this.#running.values(), ({done}) => done));
		await this.#analyzer.close();
	}

	#assertRoom(user: User): void {
		const {maxConcurrentTasks, maxQueued, maxQueuedPerUser, onFull} = this.#options.limits;
		const active = this.activeCount;
		// Those whose turn has come are not all written down as such.
		const queued = Math.max(0, this.#count(`state IN ('QUEUED', 'PROCESSING')`) - active);
		const ofUser = this.#count(`state = 'QUEUED' AND account = ?`, user.id);
		const limit =
			onFull === 'reject' && active + queued >= maxConcurrentTasks
				? {name: 'tasks', quota: maxConcurrentTasks}
				: queued >= maxQueued
					? {name: 'queued-tasks', quota: maxQueued}
					: ofUser >= maxQueuedPerUser
						? {name: 'queued-tasks-per-user', quota: maxQueuedPerUser}
						: null;
		if (limit === null) return;
		throw problem('TOO_MANY_TASKS', 'Too many concurrent tasks. Please try again later.', {
			...{retryAfter: 5, limit},
			more: {
				...{
					active_tasks: active,
					max_concurrent_tasks: maxConcurrentTasks,
					queued_tasks: queued,
					max_queued: maxQueued,
				},
			},
		});
	}

	#count(condition: string, ...values: readonly string[]): number {
		return Number(this.#options.ledger.get(`SELECT count(*) AS count FROM tasks WHERE ${condition}`, ...values)?.count);
	}

	#startNext(): void {
		const {ledger, limits} = this.#options;
		while (!this.#stopping.signal.aborted && this.#running.size < limits.maxConcurrentTasks && this.#suspect === null) {
			const running = Array.from(this.#running.values(), ({task}) => task);
			const suspect = ledger.get(SUSPECT);
			if (suspect !== undefined && running.length > 0) return;
			const turn = suspect ?? this.#turns.next(this.#firstOfEach(running), running);
			if (turn === undefined) return;
			const next = toTask(ledger.get(`${TASKS} WHERE tasks.number = ?`, Number(turn.number)) ?? {});
			if (suspect !== undefined) this.#suspect = next.id;
			const controller = new AbortController();
			const startedAt = Date.now();
			const done = this.#work(next, startedAt, controller.signal)
				.catch(fault => this.#reportFault(fault))
				.finally(() => {
					this.#running.delete(next.id);
					if (this.#suspect === next.id) this.#suspect = null;
					this.#startNext();
				});
			done.catch(this.#options.onFault);
			this.#running.set(next.id, {task: next, startedAt, controller, done});
		}
	}

	/** The first task that waits of each account, in the order in which they came; of many accounts those that have waited longest. */
	#firstOfEach(running: readonly Task[]): readonly {readonly account: string; readonly number: number}[] {
		const rows = this.#options.ledger.all(
			// Those whose turn has come are not all written down as such.
			`SELECT account, min(number) AS number FROM tasks
			WHERE state = 'QUEUED' AND number NOT IN (SELECT value FROM json_each(?)) GROUP BY account ORDER BY 2 LIMIT ${MAX_CANDIDATES}`,
			JSON.stringify(running.map(({number}) => number)),
		);
		return rows.map(({account, number}) => ({account: String(account), number: Number(number)}));
	}

	async #work(task: Task, startedAt: number, signal: AbortSignal): Promise<void> {
		const {datasets} = this.#options;
		const {id, file, attempts, dataset, createdAt} = task;
		const bytesTotal = this.#bytesOf(dataset);
		await this.#commitInTime(
			{statement: 'startTask', values: [startedAt, id], rows: 1},
			eventOf(task, 'run-started', {runId: id, paths: [file], fileCount: 1, bytesTotal}),
			eventOf(task, 'file-queued', {runId: id, file, attempt: attempts, bytesTotal}),
			eventOf(task, 'file-started', {runId: id, file, attempt: attempts + 1}),
		);
		this.#options.onChange?.({type: 'task-started', task, waitedMs: attempts === 0 ? startedAt - createdAt : null});
		const path = datasets.pathOf(dataset);
		try {
			const {report} = await this.#analyzer.run({
				file: {claim: id, name: file, path, bytes: bytesTotal},
				...{tag: task.task, metadata: {}, outputFolder: '', outputPrefix: '', state: null, signal},
				aside: wait => wait(),
				step: {processor: 'analyze', with: task.analyses.length === 0 ? {} : {analysis: task.analyses}, tags: {}},
			});
			if (report !== null) await this.#options.keepBeside(task, report, signal);
			await this.#end(task, {state: 'COMPLETED', report, error: null});
		} catch (error) {
			if (this.#stopping.signal.aborted && signal.aborted) {
				await this.#options.ledger.commit({statement: 'requeueTask', values: [id]});
				return;
			}
			if (signal.aborted) return this.#end(task, {state: 'CANCELLED', report: null, error: null});
			return this.#end(task, {state: 'FAILED', report: null, error: this.#reasonOf(error)});
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

	/** A task that somebody has ended before its turn came is no fault. What cannot be written now is not tried again at once. */
	async #reportFault(fault: unknown): Promise<void> {
		if (fault instanceof CommitError && fault.isConflict) return;
		this.#options.onFault(fault);
		if (!this.#stopping.signal.aborted) await wait(FULL_DISK_MS, undefined, {ref: false});
	}

	#bytesOf(dataset: string): number {
		return Number(this.#options.ledger.get('SELECT bytes FROM datasets WHERE id = ?', dataset)?.bytes);
	}

	async #end(task: Task, end: TaskEnd): Promise<void> {
		const {state, report, error} = end;
		const {id, file, attempts} = task;
		const {rows = null, rejected_rows: rejectedRows = null} = report ?? {};
		const packed = report === null ? null : zstdCompressSync(JSON.stringify(report));
		const about = {runId: id, file, attempt: attempts + 1};
		const type = `file-${state.toLowerCase()}`;
		const thin = {status: state.toLowerCase(), rows, rejected_rows: rejectedRows, error};
		try {
			await this.#commitInTime(
				{
					statement: 'endTask',
					values: [state, Date.now(), rows, rejectedRows, error === null ? null : JSON.stringify(error), packed, id],
					rows: 1,
				},
				{statement: 'removeCheckpoints', values: [task.dataset]},
				eventOf(task, type, {...about, report: {file, ...thin}}),
				eventOf(task, 'run-completed', {runId: id, status: state === 'CANCELLED' ? 'cancelled' : 'completed'}),
			);
			const startedAt = this.#running.get(id)?.startedAt;
			const ms = startedAt === undefined ? null : Date.now() - startedAt;
			this.#options.onChange?.({type: 'task-ended', task, end, ms});
		} catch (fault) {
			// Somebody has ended it meanwhile.
			if (!(fault instanceof CommitError && fault.isConflict)) throw fault;
		}
		this.#ends.emit(id);
	}

	/** What has been worked out is written down as soon as there is room for it. */
	async #commitInTime(...changes: readonly ServerChange[]): Promise<void> {
		for (;;) {
			try {
				return await this.#options.ledger.commit(...changes);
			} catch (error) {
				if (!(error instanceof CommitError && error.isFull) || this.#stopping.signal.aborted) throw error;
			}
			await wait(FULL_DISK_MS, undefined, {ref: false});
		}
	}

	#tellProgress(id: string, event: RunEvent): void {
		const running = this.#running.get(id);
		if (running === undefined || event.type !== 'file-progressed') return;
		const {bytesRead, rows, rejectedRows, at} = event;
		const line = JSON.stringify({
			...{type: 'file-progressed', at, runId: id, file: running.task.file, attempt: running.task.attempts + 1},
			...{bytesRead, rows, rejectedRows, isPaused: false},
		});
		this.#options.hub.tell(running.task.account, id, line);
	}
}

function onlyAborted(error: unknown): void {
	if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
