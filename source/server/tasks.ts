// What is made of data sets: tasks wait, take turns between their users, and are worked on by one engine. Each change of a task is in the
// ledger together with the events that tell of it.
import {EventEmitter, once} from 'node:events';
import {setTimeout as wait} from 'node:timers/promises';
import type {ServerChange, SharedState} from '../ledger/server-ledger.ts';
import type {ServerStatement} from '../ledger/server-statements.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import type {ErrorReport} from '../model/report.ts';
import type {User} from './accounts.ts';
import {auditLine} from './audit/audit-line.ts';
import type {Dataset} from './datasets.ts';
import {notFound, problem} from './problem.ts';
import {
	type AskedTask,
	draftOf,
	eventOf,
	isOpen,
	queuedEvent,
	TASKS,
	type Task,
	type TaskChange,
	type TaskState,
	toTask,
} from './task.ts';
import {type TaskLimits, TaskQueue} from './task-queue.ts';
import {Cancellation, PAUSED, TaskRunner, type TaskRunnerOptions} from './task-runner.ts';
import {mayReachAll, type Owner} from './whose.ts';

export interface TasksOptions extends Omit<TaskRunnerOptions, 'concurrency' | 'stopping'> {
	readonly limits: TaskLimits;
}

/** So many processes may die while they are at a task, and get no further with it. */
const MAX_DEATHS = 5;
/** What cannot be written now is not tried again at once. */
const FAULT_MS = 1000;

interface RunningTask {
	readonly task: Task;
	readonly controller: AbortController;
	readonly done: Promise<void>;
	/** That is written down; its slot is free a moment later. */
	hasEnded: boolean;
}

const CRASH_LOOP: ErrorReport = {
	code: 'CRASH_LOOP',
	message: `The server died ${MAX_DEATHS} times while it read this file, and got no further, so it is not tried again by itself`,
	line: null,
	byte_offset: null,
};

export class Tasks {
	readonly #options: TasksOptions;
	readonly #queue: TaskQueue;
	readonly #runner: TaskRunner;
	readonly #running = new Map<string, RunningTask>();
	/** The task that runs by itself. */
	#suspect: string | null = null;
	readonly #stopping = new AbortController();
	/** An event by the id of each task that is not worked on any more. */
	readonly #ends = new EventEmitter().setMaxListeners(0);

	constructor(options: TasksOptions) {
		this.#options = options;
		const {ledger, limits} = options;
		this.#queue = new TaskQueue(ledger, limits);
		ledger.onCommitted((changes, elapsedMs) => {
			if (elapsedMs === null) this.#take(changes);
		});
		this.#runner = new TaskRunner({
			...options,
			concurrency: limits.maxConcurrentTasks,
			stopping: this.#stopping.signal,
		});
	}

	/** Nothing is worked on, and something could be. */
	get isStanding(): boolean {
		return this.activeCount === 0 && this.#queue.hasNext;
	}

	/** Whether a further task may wait, or be worked on. */
	get hasRoom(): boolean {
		return this.#queue.count < this.#options.limits.maxQueued;
	}

	get activeCount(): number {
		return this.#running.size;
	}

	/** How many are worked on after a change: one that has ended is none of them, also before its slot is free. */
	activeAfter({type, task}: TaskChange): number {
		const running = this.#running.get(task.id);
		if (type === 'task-ended' && running !== undefined) running.hasEnded = true;
		return Array.from(this.#running.values()).filter(({hasEnded}) => !hasEnded).length;
	}

	get queuedCount(): number {
		return this.#queue.count;
	}

	/** Those that a process was at when it died begin again, large ones from their last checkpoint. */
	async resume(): Promise<void> {
		const {ledger} = this.#options;
		for (const row of ledger.all(`${TASKS} WHERE tasks.state = 'PROCESSING'`)) {
			const task = toTask(row);
			if (!isDead(task, ledger.shared)) continue;
			if (Number(row.deaths) + 1 >= MAX_DEATHS)
				await this.#runner.end(task, {state: 'FAILED', report: null, error: CRASH_LOOP});
			else
				await ledger
					.commit({statement: 'requeueDeadTask', values: [task.id, task.instance], rows: 1})
					.catch(unlessConflict);
		}
		this.#startNext();
	}

	/** What another instance has written may be about tasks that are worked on here, or waited for. */
	#take(changes: readonly ServerChange[]): void {
		let mayStart = false;
		for (const {statement, values} of changes) {
			const id = String(values[ID_PLACES[statement] ?? 0]);
			// It is ended or given up there already, so nothing more is to be written of it.
			if (statement === 'endTask' || statement === 'requeueDeadTask') this.#running.get(id)?.controller.abort(PAUSED);
			if (statement === 'pauseTask') this.#running.get(id)?.controller.abort(PAUSED);
			if (statement === 'endTask') this.#ends.emit(id);
			mayStart ||= STARTING.has(statement);
		}
		if (mayStart) this.#startNext();
	}

	/** @throws {Problem} 429 where too many wait already. */
	assertRoom(user: Pick<User, 'id'>): void {
		this.#queue.assertRoom(user, this.activeCount);
	}

	/**
	Which place the next task of a file would have among those that wait; `null`: it would begin at once.

	@throws {Problem} 429 where too many wait already.
	*/
	nextPosition(user: Pick<User, 'id'>, {isScanning}: Pick<Dataset, 'isScanning'>): number | null {
		this.assertRoom(user);
		const waiting = this.#queue.waitingBeside(this.activeCount);
		const mayBegin = this.activeCount < this.#options.limits.maxConcurrentTasks && this.#suspect === null;
		return waiting > 0 || !mayBegin || isScanning ? waiting + 1 : null;
	}

	/**
	@throws {Problem} 429 where too many wait already.
	@param further - Is written in the same transaction.
	*/
	async submit(
		user: User,
		dataset: Dataset,
		{task, analyses, options, mapping}: AskedTask,
		further: (task: Task) => readonly ServerChange[] = () => [],
	): Promise<Task> {
		const draft = draftOf(user, dataset, {task, analyses, options, mapping});
		const {id, createdAt} = draft;
		const changes: readonly ServerChange[] = [
			{
				statement: 'addTask',
				values: [
					...[id, user.id, task, JSON.stringify(analyses), JSON.stringify(options)],
					...[mapping === null ? null : JSON.stringify(mapping), createdAt, dataset.id],
				],
				rows: 1,
			},
			queuedEvent(draft),
			...further(draft),
			auditLine({action: 'start', subject: id, details: {file: dataset.id, task}}),
		];
		await this.#queue.admit(user, this.activeCount, () => this.#options.ledger.commit(...changes));
		this.#startNext();
		// Only now it has a number, and so a place among those that wait.
		return this.find(user, id);
	}

	/** @throws {Problem} 404, also where it belongs to somebody else. */
	find(user: User, id: string): Task {
		const task = this.findIfThere(user, id);
		if (task === null) throw notFound('task');
		return task;
	}

	/** `null`: there is none, or no longer, also where it belongs to somebody else. */
	findIfThere(user: User, id: string): Task | null {
		const row = this.#options.ledger.get(`${TASKS} WHERE tasks.id = ? AND tasks.account = ?`, id, user.id);
		return row === undefined ? null : toTask(row);
	}

	/** What may be acted on: one's own, and any for operators. @throws {Problem} 404 */
	reach(user: User, id: string): Task {
		if (!mayReachAll(user)) return this.find(user, id);
		const row = this.#options.ledger.get(`${TASKS} WHERE tasks.id = ?`, id);
		if (row === undefined) throw notFound('task');
		return toTask(row);
	}

	/** Of those of a file that have a result, the one that has ended last; `null`: there is none. */
	newestResult(user: User, dataset: string): Task | null {
		const row = this.#options.ledger.get(
			`${TASKS} WHERE datasets.id = ? AND tasks.account = ? AND tasks.report IS NOT NULL ORDER BY ended_at DESC LIMIT 1`,
			...[dataset, user.id],
		);
		return row === undefined ? null : toTask(row);
	}

	/**
	The newest first.

	@param state - `null`: of any.
	@param before - Older than the one with this number; `null`: from the newest on.
	*/
	list(owner: Owner, limit: number, before: number | null = null, state: TaskState | null = null): readonly Task[] {
		return this.#options.ledger
			.all(
				`${TASKS} WHERE ${owner === null ? '?1 IS NULL' : 'tasks.account = ?1'} AND tasks.number < ?2 AND (?4 IS NULL OR tasks.state = ?4)
				ORDER BY tasks.number DESC LIMIT ?3`,
				...[owner, before ?? Number.MAX_SAFE_INTEGER, limit, state],
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

	positionOf(task: Task): number | null {
		return this.#queue.positionOf(
			task,
			Array.from(this.#running.values(), each => each.task),
		);
	}

	async cancel(user: User, id: string): Promise<Task> {
		const {account} = this.reach(user, id);
		const running = this.#running.get(id);
		const line = auditLine({action: 'cancel', subject: id, details: ownerDetails(user, account)});
		running?.controller.abort(new Cancellation(line));
		await running?.done;
		// It may wait again, because somebody has paused it at the same time.
		const task = this.reach(user, id);
		const isElsewhere = task.state === 'PROCESSING' && running === undefined && this.#options.ledger.shared !== null;
		if (task.state !== 'QUEUED' && !isElsewhere) return task;
		await this.#runner.end(task, {state: 'CANCELLED', report: null, error: null}, line);
		this.#ends.emit(id);
		return this.reach(user, id);
	}

	/** One that is worked on is given up, and goes on from its last checkpoint, or begins again: so it keeps no other one waiting. */
	async pause(user: User, id: string): Promise<Task> {
		const task = await this.#hold(user, id, true);
		const running = this.#running.get(id);
		running?.controller.abort(PAUSED);
		await running?.done;
		return running === undefined ? task : this.reach(user, id);
	}

	async resumeTask(user: User, id: string): Promise<Task> {
		const task = await this.#hold(user, id, false);
		this.#startNext();
		return task;
	}

	/** @throws {Problem} Where it has ended. */
	async #hold(user: User, id: string, isPaused: boolean): Promise<Task> {
		const task = this.reach(user, id);
		if (!isOpen(task)) throw problem('ENDED', `The task is ${task.state}: it cannot be held, and does not go on.`);
		if (task.isPaused === isPaused) return task;
		const [statement, event] = isPaused
			? (['pauseTask', 'run-paused'] as const)
			: (['resumeTask', 'run-resumed'] as const);
		try {
			await this.#options.ledger.commit(
				{statement, values: [id], rows: 1},
				eventOf(task, event, {runId: id}),
				auditLine({action: 'pause', subject: id, details: {paused: isPaused, ...ownerDetails(user, task.account)}}),
			);
		} catch (error) {
			if (!isConflict(error)) throw error;
			// It has ended meanwhile, or somebody else was first.
			return this.#hold(user, id, isPaused);
		}
		return this.reach(user, id);
	}

	/** @param further - Is written in the same transaction. */
	async retry(user: User, id: string, further: readonly ServerChange[] = []): Promise<Task> {
		const task = this.reach(user, id);
		const owner = {id: task.account};
		this.#options.datasets.find(owner, task.dataset);
		if (task.state !== 'FAILED' && task.state !== 'CANCELLED')
			throw problem('NOT_ENDED', `The task is ${task.state}: only failed and cancelled ones are retried.`);
		const changes: readonly ServerChange[] = [
			{statement: 'queueTaskAgain', values: [id], rows: 1},
			queuedEvent(task),
			auditLine({action: 'retry', subject: id, details: ownerDetails(user, task.account)}),
			...further,
		];
		await this.#queue.admit(owner, this.activeCount, () => this.#options.ledger.commit(...changes));
		this.#options.onChange?.({type: 'task-retrying', task, code: task.error?.code ?? task.state});
		this.#startNext();
		return this.reach(user, id);
	}

	/** Ends those that wait for a file which will not be read. */
	async failWaiting(dataset: string, error: ErrorReport): Promise<void> {
		for (const row of this.#options.ledger.all(`${TASKS} WHERE datasets.id = ? AND tasks.state = 'QUEUED'`, dataset)) {
			await this.#runner.end(toTask(row), {state: 'FAILED', report: null, error});
			this.#ends.emit(String(row.id));
		}
	}

	/** Something has changed by which one of those that wait may begin. */
	wake(): void {
		this.#startNext();
	}

	/** Nothing new is started; those that run are given up, and begin again with the next process. */
	async close(): Promise<void> {
		this.#stopping.abort();
		for (const {controller} of this.#running.values()) controller.abort();
		await Promise.allSettled(Array.from(this.#running.values(), ({done}) => done));
		await this.#runner.close();
	}

	#startNext(): void {
		const {ledger, limits} = this.#options;
		while (!this.#stopping.signal.aborted && this.#running.size < limits.maxConcurrentTasks && this.#suspect === null) {
			const running = Array.from(this.#running.values(), ({task}) => task);
			const turn = this.#queue.next(running);
			if (turn === undefined) return;
			const next = toTask(ledger.get(`${TASKS} WHERE tasks.number = ?`, turn.number) ?? {});
			if (turn.isSuspect) this.#suspect = next.id;
			const controller = new AbortController();
			const done = this.#runner
				.run(next, controller.signal)
				.catch(fault => this.#reportFault(fault))
				.finally(() => {
					this.#running.delete(next.id);
					if (this.#suspect === next.id) this.#suspect = null;
					this.#ends.emit(next.id);
					this.#startNext();
				});
			done.catch(this.#options.onFault);
			this.#running.set(next.id, {task: next, controller, done, hasEnded: false});
		}
	}

	/** A task that somebody has ended before its turn came is no fault. */
	async #reportFault(fault: unknown): Promise<void> {
		if (isConflict(fault)) return;
		this.#options.onFault(fault);
		if (!this.#stopping.signal.aborted) await wait(FAULT_MS, undefined, {ref: false});
	}
}

/** Where the id of a task is in the values of a change of it; else it is the first one. */
const ID_PLACES: Readonly<Partial<Record<ServerStatement, number>>> = {endTask: 7};

/** After these a task may begin that waited. */
const STARTING: ReadonlySet<ServerStatement> = new Set<ServerStatement>([
	...(['addTask', 'queueTaskAgain', 'requeueTask', 'requeueDeadTask', 'resumeTask', 'endScan', 'endTask'] as const),
]);

/** Whether nobody is at it any more. @param shared - `null`: no other process is. */
const isDead = ({id, attempts, instance}: Task, shared: SharedState | null): boolean =>
	shared === null || instance === null || shared.isDead(instance, `${id} ${attempts}`);

function unlessConflict(error: unknown): void {
	if (!isConflict(error)) throw error;
}

/** For the audit log, where it is not one's own. */
const ownerDetails = ({id}: User, account: string) => (account === id ? {} : {owner: account});

function onlyAborted(error: unknown): void {
	if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
