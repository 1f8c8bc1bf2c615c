// The tasks of a server as a run without an end, so that the dashboard shows them as it shows files: each task is a file of it.
import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {RunEvent, RunFact} from '../model/events.ts';
import type {ErrorReport, FileReport, FinalFileStatus} from '../model/report.ts';
import {hasEnded, type ServerEvent, type ServerMessage, type TaskView} from './messages.ts';

export interface TasksAsRunOptions {
	readonly origin: string;
	readonly version: string;
	/** How results are presented. */
	readonly analyses: readonly AnalysisInfo[];
	readonly onEvent: (event: RunEvent) => void;
	/** Called where nothing that was known holds any more: events from the beginning follow. */
	readonly onReset: () => void;
}

interface KnownTask {
	readonly id: string;
	/** Its name in the run: that of its file, and what tells it from another task of a file of this name. */
	readonly name: string;
	readonly bytes: number;
	startedAt: string | null;
	/** The last one that has begun. */
	attempt: number;
}

export class TasksAsRun {
	readonly #options: TasksAsRunOptions;
	readonly #taskOf = new Map<string, KnownTask>();
	readonly #idOf = new Map<string, string>();
	/** The parts of a snapshot that have come. */
	#snapshot: TaskView[] = [];
	/** When the run began: the time of the first thing that is known. */
	#beganAtMs: number | null = null;
	#seq = 0;
	#elapsedMs = 0;

	constructor(options: TasksAsRunOptions) {
		this.#options = options;
	}

	/** The task of a file of the run; `undefined` where there is none of this name. */
	idOf(name: string): string | undefined {
		return this.#idOf.get(name);
	}

	/** To be called when a stream begins. A server that has no tasks says nothing of any: it is a run all the same, in which nothing happens yet. */
	beginWithNone(): void {
		// Of one that was broken off all parts come again.
		this.#snapshot = [];
		if (this.#beganAtMs === null) this.#begin(new Date().toISOString());
	}

	handle(message: ServerMessage): void {
		if (message.type === 'reset') return;
		if (message.type === 'event') {
			this.#handleEvent(message.event);
			return;
		}
		this.#snapshot.push(...message.tasks);
		if (message.isComplete) this.#beginAnew();
	}

	/** The newest tasks come first. */
	#beginAnew(): void {
		const tasks = this.#snapshot.reverse();
		this.#snapshot = [];
		this.#taskOf.clear();
		this.#idOf.clear();
		this.#beganAtMs = null;
		this.#elapsedMs = 0;
		this.#options.onReset();
		const [first] = tasks;
		this.#begin(first?.created_at ?? new Date().toISOString());
		for (const task of tasks) this.#handleTask(task);
	}

	#handleTask({task_execution_id: id, ...task}: TaskView): void {
		const known = this.#add(id, task.file, task.bytes, task.created_at);
		if (task.is_paused === true) {
			known.attempt = task.attempts;
			this.#wait(known, true, task.created_at);
			return;
		}
		if (task.started_at === null && !hasEnded(task)) return;
		const attempt = Math.max(1, task.attempts);
		known.attempt = attempt;
		if (task.started_at !== null) {
			known.startedAt = task.started_at;
			this.#say({type: 'file-started', file: known.name, attempt}, task.started_at);
		}
		if (!hasEnded(task)) return;
		const status = task.status.toLowerCase() as FinalFileStatus;
		const {rows, rejected_rows: rejectedRows, error} = task;
		this.#end(known, {status, attempt, rows, rejectedRows, error}, task.completed_at ?? task.created_at);
	}

	#handleEvent({type, at, runId, ...event}: ServerEvent): void {
		if (this.#beganAtMs === null) {
			this.#options.onReset();
			this.#begin(at);
		}
		const attempt = Number(event.attempt ?? 0);
		const known = this.#taskOf.get(String(runId));
		switch (type) {
			case 'task-queued': {
				const {taskExecutionId, file, bytesTotal} = event;
				const id = String(taskExecutionId);
				const before = this.#taskOf.get(id);
				if (before === undefined) this.#add(id, String(file), Number(bytesTotal ?? 0), at);
				// Somebody has it tried again.
				else this.#say({type: 'file-queued', file: before.name, attempt: 1, bytesTotal: before.bytes}, at);
				return;
			}
			case 'file-started':
				if (known === undefined) return;
				known.startedAt = at;
				known.attempt = attempt;
				this.#say({type, file: known.name, attempt}, at);
				return;
			case 'file-progressed': {
				if (known === undefined) return;
				const [bytesRead, rows, rejectedRows] = [event.bytesRead, event.rows, event.rejectedRows].map(Number);
				this.#say({type, file: known.name, attempt, ...counted(bytesRead, rows, rejectedRows), isPaused: false}, at);
				return;
			}
			case 'run-paused':
			case 'run-resumed':
				if (known !== undefined) this.#wait(known, type === 'run-paused', at);
				return;
			case 'file-completed':
			case 'file-failed':
			case 'file-cancelled': {
				if (known === undefined) return;
				const report = event.report as {rows: number | null; rejected_rows: number | null; error: ErrorReport | null};
				const status = type.slice('file-'.length) as FinalFileStatus;
				const {rows, rejected_rows: rejectedRows, error} = report;
				this.#end(known, {status, attempt, rows, rejectedRows, error}, at);
				return;
			}
		}
	}

	#begin(at: string): void {
		this.#beganAtMs = Date.parse(at);
		const {origin, version, analyses} = this.#options;
		this.#say(
			{
				...{type: 'run-started', version, paths: [origin], fileCount: 0, bytesTotal: 0, concurrency: 0, threads: 0},
				...{analyses, isEndless: true, server: origin},
			},
			at,
		);
	}

	#add(id: string, file: string, bytes: number, at: string): KnownTask {
		const name = this.#idOf.has(file) ? `${file} (${id})` : file;
		const known: KnownTask = {id, name, bytes, startedAt: null, attempt: 0};
		this.#taskOf.set(id, known);
		this.#idOf.set(name, id);
		this.#say({type: 'file-queued', file: name, attempt: 0, bytesTotal: bytes, isAdded: true}, at);
		return known;
	}

	/** A task that is held is worked on no more, and one that goes on waits for its turn. */
	#wait({name: file, bytes, attempt}: KnownTask, isPaused: boolean, at: string): void {
		this.#say({type: 'file-queued', file, attempt, bytesTotal: bytes}, at);
		if (isPaused) this.#say({type: 'file-progressed', file, attempt, ...counted(), isPaused}, at);
	}

	#end(
		{name: file, bytes, startedAt}: KnownTask,
		{status, attempt, rows, rejectedRows, error}: TaskEnd,
		at: string,
	): void {
		const report: FileReport = {
			...{file, status, analysis: null, attempts: attempt, bytes: status === 'completed' ? bytes : 0},
			...{rows: rows ?? 0, rejected_rows: rejectedRows ?? 0, error},
			processing_time: startedAt === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(startedAt)) / 1000,
			...{dialect: null, result: null, rejects: []},
		};
		// A report of steps counts what it says; this one says nothing of what was not read.
		const known = rows === null ? {...report, uncounted: true as const} : report;
		if (status === 'skipped') return;
		this.#say({type: `file-${status}`, file, attempt, report: known} as RunFact, at);
	}

	#say(fact: RunFact, at: string): void {
		// Clocks may be set back.
		this.#elapsedMs = Math.max(this.#elapsedMs, Date.parse(at) - (this.#beganAtMs ?? 0));
		this.#options.onEvent({...fact, seq: ++this.#seq, at, elapsedMs: this.#elapsedMs});
	}
}

interface TaskEnd {
	readonly status: FinalFileStatus;
	readonly attempt: number;
	readonly rows: number | null;
	readonly rejectedRows: number | null;
	readonly error: ErrorReport | null;
}

const counted = (bytesRead = 0, rows = 0, rejectedRows = 0) => ({bytesRead, rows, rejectedRows});
