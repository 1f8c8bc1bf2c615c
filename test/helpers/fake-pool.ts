// A worker pool without threads. What becomes of each task is scripted, or done by the test's own hand; time is whatever
// `setTimeout` and `Date` say, so fake timers rule it.

import type {JobBackend, RunningTask, TaskOutcome, WorkerTask} from '../../source/engine/backend/job-backend.ts';
import type {Plan, PlanEntry} from '../../source/engine/plan/plan.ts';
import type {FoldedFile} from '../../source/engine/shared/protocol.ts';
import type {Directive, ProgressTotals} from '../../source/engine/shared/shared-progress.ts';
import type {ErrorReport} from '../../source/model/report.ts';

/** What becomes of a task. Times pass only while it is not held. */
export type TaskScript =
	| {readonly type: 'completes'; readonly afterMs: number}
	| {readonly type: 'fails'; readonly code: string; readonly afterMs: number}
	| {readonly type: 'is-lost'; readonly afterMs: number}
	/** Makes no progress; ends when it is told to abort. */
	| {readonly type: 'hangs'}
	/** Makes no progress; when it is told to abort, it has just failed. */
	| {readonly type: 'fails-as-it-aborts'; readonly code: string}
	/** Hears nothing; ends when it is killed. */
	| {readonly type: 'is-deaf'}
	/** No thread can be had for it. */
	| {readonly type: 'is-refused'};

export interface ScriptedTask {
	/** So long it waits for a thread. */
	readonly threadAfterMs: number;
	readonly script: TaskScript;
}

export const bytesOfTask = 100;
export const rowsOfTask = 10;

export const foldedFile: FoldedFile = {
	bytesRead: bytesOfTask,
	rows: rowsOfTask,
	rejectedRows: 1,
	rejects: [],
	dialect: {delimiter: ',', quote: '"', encoding: 'utf-8', newline: '\n', header: true, compression: null},
	folded: [],
};

export const errorOf = (code: string): ErrorReport => ({
	code,
	message: `scripted ${code}`,
	line: null,
	byte_offset: null,
});

export class FakeTask implements RunningTask {
	readonly file: string;
	readonly outcome: Promise<TaskOutcome>;
	/** Everything it was told, in order. */
	readonly directives: Directive[] = [];
	isHeld = false;
	isAborted = false;
	isOver = false;
	wasKilled = false;
	readonly #script: TaskScript;
	readonly #folded: FoldedFile;
	readonly #settle: (outcome: TaskOutcome) => void;
	#totals: ProgressTotals = {bytesRead: 0, rows: 0, rejectedRows: 0};
	#timer: NodeJS.Timeout | undefined;
	#resumedAtMs = 0;
	#remainingMs: number;

	constructor(file: string, script: TaskScript, onOver: () => void, folded = foldedFile) {
		this.file = file;
		this.#folded = folded;
		this.#script = script;
		this.#remainingMs = 'afterMs' in script ? script.afterMs : Number.POSITIVE_INFINITY;
		let resolveOutcome: (outcome: TaskOutcome) => void = () => {};
		this.outcome = new Promise(resolve => {
			resolveOutcome = resolve;
		});
		this.#settle = outcome => {
			if (this.isOver) return;
			this.isOver = true;
			clearTimeout(this.#timer);
			onOver();
			resolveOutcome(outcome);
		};
		this.#goOn();
	}

	/** How far the thread says it is. */
	progressTo(bytesRead: number, rows = 0, rejectedRows = 0): void {
		this.#totals = {bytesRead, rows, rejectedRows};
	}

	complete(file: FoldedFile = this.#folded): void {
		this.#settle({type: 'completed', file});
	}

	fail(code: string): void {
		this.#settle({type: 'failed', error: errorOf(code), bytesRead: this.#totals.bytesRead});
	}

	lose(): void {
		this.#settle({type: 'worker-lost', cause: 'scripted loss'});
	}

	readonly readProgress = (): ProgressTotals => this.#totals;

	readonly direct = (directive: Directive): void => {
		if (this.isOver) return;
		this.directives.push(directive);
		if (directive === 'abort') {
			this.isAborted = true;
			if (this.#script.type === 'fails-as-it-aborts') this.fail(this.#script.code);
			else if (this.#script.type !== 'is-deaf') this.#settle({type: 'aborted'});
		} else {
			this.isHeld = directive === 'hold';
			if (this.isHeld) this.#pause();
			else this.#goOn();
		}
	};

	readonly kill = (): void => {
		if (this.isOver) return;
		this.wasKilled = true;
		this.#settle({type: 'worker-lost', cause: 'it was ended because it did not answer'});
	};

	#goOn(): void {
		clearTimeout(this.#timer);
		if (this.#remainingMs === Number.POSITIVE_INFINITY) return;
		this.#resumedAtMs = Date.now();
		this.#timer = setTimeout(() => {
			if (this.#script.type === 'completes') this.complete();
			else if (this.#script.type === 'fails') this.fail(this.#script.code);
			else this.lose();
		}, this.#remainingMs);
	}

	#pause(): void {
		clearTimeout(this.#timer);
		this.#remainingMs = Math.max(0, this.#remainingMs - (Date.now() - this.#resumedAtMs));
	}
}

export class FakePool implements JobBackend {
	/** Every task that was begun, in order. */
	readonly tasks: FakeTask[] = [];
	/** Tasks that have a thread, or wait for one. */
	inFlightCount = 0;
	mostInFlight = 0;
	isClosed = false;
	readonly #closing = new AbortController();
	readonly #scriptOf: (file: string, startIndex: number) => ScriptedTask;
	readonly #startCounts = new Map<string, number>();

	/**
	@param scriptOf - What becomes of the n-th start (from 0) of a file. Without it, tasks hang until the test ends them by
	its own hand.
	*/
	constructor(scriptOf: (file: string, startIndex: number) => ScriptedTask = () => atOnce({type: 'hangs'})) {
		this.#scriptOf = scriptOf;
	}

	/** What a file comes to. */
	foldedOf(_file: string): FoldedFile {
		return foldedFile;
	}

	/** The last task of a file. */
	taskOf(file: string): FakeTask {
		const task = this.tasks.findLast(candidate => candidate.file === file);
		if (task === undefined) throw new Error(`No task of ${file} was begun`);
		return task;
	}

	readonly start = async ({source}: WorkerTask, signal: AbortSignal): Promise<RunningTask | null> => {
		if (signal.aborted || this.isClosed) return null;
		const file = source.kind === 'file' ? String(source.path) : '-';
		const startIndex = this.#startCounts.get(file) ?? 0;
		this.#startCounts.set(file, startIndex + 1);
		const {threadAfterMs, script} = this.#scriptOf(file, startIndex);
		this.inFlightCount++;
		this.mostInFlight = Math.max(this.mostInFlight, this.inFlightCount);
		const ending = AbortSignal.any([signal, this.#closing.signal]);
		await passOrAbort(threadAfterMs, ending);
		if (ending.aborted || script.type === 'is-refused') {
			this.inFlightCount--;
			if (ending.aborted) return null;
			throw new Error('scripted refusal');
		}
		const onOver = (): void => {
			this.inFlightCount--;
		};
		const task = new FakeTask(file, script, onOver, this.foldedOf(file));
		this.tasks.push(task);
		return task;
	};

	readonly setFilesInFlight = (): void => {};
	readonly giveUpGroups = (): void => {};

	readonly close = async (): Promise<void> => {
		this.isClosed = true;
		this.#closing.abort();
		await this.endAll();
	};

	/** Ends all that runs. */
	protected async endAll(): Promise<void> {
		for (const task of this.tasks) {
			task.direct('abort');
			task.kill();
		}
		await Promise.all(this.tasks.map(({outcome}) => outcome));
	}
}

export const atOnce = (script: TaskScript): ScriptedTask => ({threadAfterMs: 0, script});

async function passOrAbort(durationMs: number, signal: AbortSignal): Promise<void> {
	if (durationMs === 0) return;
	await new Promise<void>(resolve => {
		const timer = setTimeout(resolve, durationMs);
		signal.addEventListener(
			'abort',
			() => {
				clearTimeout(timer);
				resolve();
			},
			{once: true},
		);
	});
}

/** A plan of files that need not exist. */
export const planOf = (files: readonly string[], others: readonly PlanEntry[] = []): Plan => ({
	entries: [
		...files.map(
			(file): PlanEntry => ({type: 'file', file, source: {kind: 'file', path: file}, bytesTotal: bytesOfTask}),
		),
		...others,
	],
	unmatched: [],
});
