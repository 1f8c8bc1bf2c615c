// A large file that several threads read together: one leads, idle ones help and leave again when they are wanted elsewhere.
// To those who watch, it is a task like any other.
import type {FileInspection} from '../../model/run-control.ts';
import type {RunningTask, TaskOutcome} from '../backend/job-backend.ts';
import type {RangedPart, ToWorker} from '../shared/protocol.ts';
import {RangeBoard, type RangeSpan, SMALLEST_SPLIT_BYTES} from '../shared/range-board.ts';
import {type Directive, noProgress, type ProgressTotals} from '../shared/shared-progress.ts';
import type {SplitCheckpoint} from '../shared/split-checkpoint.ts';
import {inspectParts, SharedLook} from './inspect-parts.ts';
import {rangeBytesOf} from './split-rules.ts';
import {type AssignedThread, type AssignThread, type ThreadTask, toOutcome} from './task.ts';

/** What becomes of what the threads have read. */
export interface SplitEnd<Outcome> {
	/** Which ranges are read here; left out: all of them. */
	readonly span?: RangeSpan;
	readonly conclude: (read: ReadRanges) => Promise<Outcome>;
}

/** What the threads came to when none of them reads any more. */
export interface ReadRanges {
	readonly board: RangeBoard;
	/** Not to be looked at by anyone else. */
	readonly parts: readonly RangedPart[];
	/** Of the one that ended in any other way than having read its ranges. */
	readonly failure: TaskOutcome | null;
	/** Whether it may have failed behind a place where one thread alone would have ended with an error of the data. */
	readonly isDoubtful: boolean;
	/** What one thread says that reads the file from its beginning. */
	readonly readAlone: () => Promise<TaskOutcome>;
}

export class SplitTask<Outcome = TaskOutcome> implements Omit<RunningTask, 'outcome'> {
	readonly outcome: Promise<Outcome>;
	readonly #task: ThreadTask;
	readonly #end: SplitEnd<Outcome>;
	readonly #fileBytes: number;
	readonly #board: RangeBoard;
	readonly #assignLeader: AssignThread;
	/** Those that read now, the leader among them. */
	readonly #threads = new Set<AssignedThread>();
	readonly #parts: RangedPart[] = [];
	/** What those that read now have told of their ranges. */
	readonly #told = new Map<AssignedThread, RangedPart>();
	/** What those came to that have left. */
	#leftTotals = noProgress;
	#readsBefore = 0;
	/** What `readProgress` returned last: totals never fall, also when the file is read again. */
	#reported = noProgress;
	#directive: Directive = 'run';
	readonly #onWantHelp: () => void;
	#helperCount = 0;
	#leavingCount = 0;
	/** Those that may be asked to leave. */
	readonly #helpersHere = new Set<AssignedThread>();
	/** Set by the first that ends in any way other than having read its ranges. */
	#failure: TaskOutcome | null = null;
	/** Whether one of them found the data to be other than it should be for being read in ranges. */
	#hasDataFault = false;
	#helpers: Array<Promise<void>> = [];

	/**
	@param assignLeader - Sends a request to the thread that this task has for itself until its outcome is there.
	@param onWantHelp - Called when it has begun, goes on or is held: idle threads may help, or others may start.
	*/
	constructor(task: ThreadTask, assignLeader: AssignThread, onWantHelp: () => void, end: SplitEnd<Outcome>) {
		this.#onWantHelp = onWantHelp;
		this.#end = end;
		this.#task = task;
		this.#fileBytes = task.bytesTotal ?? 0;
		const from = task.checkpoints?.from ?? null;
		this.#board = new RangeBoard(this.#fileBytes, from?.rangeBytes ?? rangeBytesOf(task));
		if (end.span !== undefined) this.#board.limitTo(end.span);
		if (from !== null) this.#goOnFrom(from);
		this.#assignLeader = assignLeader;
		this.outcome = this.#run();
		void this.#board.begun().then(onWantHelp);
	}

	/**
	Whether a further thread would find something to do for longer than it takes to begin. Each keeps the header while it reads it,
	and one may be as long as a record, or never end: so the others come when there is one.
	*/
	get wantsHelp(): boolean {
		const isLarge = this.#fileBytes >= (this.#task.settings.splitBytes ?? SMALLEST_SPLIT_BYTES);
		const mayRead = isLarge && this.#board.hasBegun && this.#failure === null && this.#directive === 'run';
		return mayRead && this.#board.rangesLeft > 1;
	}

	#requestFor(isHelper: boolean): ToWorker {
		const {source, settings} = this.#task;
		const {buffer: board, rangeBytes} = this.#board;
		const tellsParts = this.#task.checkpoints !== undefined;
		return {
			type: 'process-ranges',
			source,
			settings,
			fileBytes: this.#fileBytes,
			rangeBytes,
			board,
			isHelper,
			tellsParts,
		};
	}

	#goOnFrom({ranges, parts}: SplitCheckpoint): void {
		this.#board.restore(ranges);
		this.#parts.push(...parts);
		this.#leftTotals = {
			bytesRead: ranges.reduce((sum, {startOffset, endOffset}) => sum + endOffset - startOffset, 0),
			rows: parts.reduce((sum, part) => sum + part.rows, 0),
			rejectedRows: parts.reduce((sum, part) => sum + part.rejectedRows, 0),
		};
	}

	/** Tells what can be gone on from. The parts of all threads are of different ranges, whenever each of them was told. */
	#takeCheckpoint(): void {
		const {checkpoints} = this.#task;
		const parts = [...this.#parts, ...this.#told.values()];
		const identity = parts[0]?.identity ?? null;
		if (checkpoints === undefined || identity === null || this.#failure !== null || this.#board.isBroken) return;
		const ranges = this.#board.describe(parts.flatMap(part => part.ranges));
		const {rangeBytes} = this.#board;
		checkpoints.onTaken({identity, fileBytes: this.#fileBytes, rangeBytes, ranges, parts});
	}

	/** Takes a helper in; resolves when the thread is free again. */
	async join(assign: AssignThread): Promise<void> {
		const helper = this.#assign(assign, true);
		this.#helperCount++;
		this.#helpersHere.add(helper);
		const left = this.#follow(helper).then(() => {
			this.#helperCount--;
			this.#helpersHere.delete(helper);
			// Another may have left instead of the one that was let go on for it.
			if (this.#directive === 'hold') this.direct('hold');
			this.#leavingCount = Math.min(this.#leavingCount, this.#helperCount);
		});
		this.#helpers.push(left);
		return left;
	}

	#assign(assign: AssignThread, isHelper: boolean): AssignedThread {
		const thread = assign(this.#requestFor(isHelper), reply => {
			if (reply.type !== 'ranges-so-far') return;
			this.#told.set(thread, reply.part);
			this.#takeCheckpoint();
		});
		return thread;
	}

	/** Asks a helper to leave; false where no helper can. */
	releaseHelper(): boolean {
		if (this.#leavingCount >= this.#helperCount) return false;
		this.#leavingCount++;
		this.#board.askToLeave();
		if (this.#directive !== 'hold') return true;
		// One that is held reads its range to the end first: a file that is held keeps no other one from being read.
		for (const helper of this.#helpersHere) {
			helper.progress.direct('run');
			this.#helpersHere.delete(helper);
			break;
		}
		return true;
	}

	readonly readProgress = (): ProgressTotals => {
		let {bytesRead, rows, rejectedRows} = this.#leftTotals;
		for (const {progress} of this.#threads) {
			const totals = progress.read();
			bytesRead += totals.bytesRead;
			rows += totals.rows;
			rejectedRows += totals.rejectedRows;
		}
		const reported = this.#reported;
		this.#reported = {
			// Every thread reads the header, and a little beyond its ranges.
			bytesRead: Math.min(this.#fileBytes, Math.max(reported.bytesRead, bytesRead)),
			rows: Math.max(reported.rows, rows),
			rejectedRows: Math.max(reported.rejectedRows, rejectedRows),
		};
		return this.#reported;
	};

	readonly countReads = (): number => {
		let reads = this.#readsBefore;
		for (const {progress} of this.#threads) reads += progress.read().bytesRead + progress.waitCount;
		return reads;
	};

	readonly direct = (directive: Directive): void => {
		this.#directive = directive;
		for (const {progress} of this.#threads) progress.direct(directive);
		this.#onWantHelp();
	};

	readonly kill = (): void => {
		for (const thread of this.#threads) thread.kill();
	};

	readonly inspect = (): Promise<FileInspection | null> => this.#look.take();

	readonly #look = new SharedLook(async () => {
		const asked = Array.from(this.#threads, async thread => ({thread, part: await thread.askForSnapshot()}));
		const answers = await Promise.all(asked);
		if (this.#failure !== null) return null;
		// All that one has read which has left meanwhile is among the parts.
		const parts = answers.flatMap(({thread, part}) => (part !== null && this.#threads.has(thread) ? [part] : []));
		return inspectParts(this.#parts, parts, this.#task.settings, this.#board);
	});

	async #run(): Promise<Outcome> {
		await this.#follow(this.#assign(this.#assignLeader, false));
		// Helpers may have come while one was waited for.
		while (this.#helpers.length > 0) await Promise.all(this.#helpers.splice(0));
		// Their memory is given back while they are combined.
		await this.#look.over();
		const failure = this.#failure;
		const {maxErrors} = this.#task.settings;
		return this.#end.conclude({
			board: this.#board,
			parts: this.#parts.splice(0),
			failure,
			isDoubtful: failure?.type === 'failed' && (this.#hasDataFault || maxErrors !== null),
			readAlone: () => this.#readAlone(),
		});
	}

	async #readAlone(): Promise<TaskOutcome> {
		this.#leftTotals = noProgress;
		this.#failure = null;
		const {source, settings, mergeBoard} = this.#task;
		const thread = this.#assignLeader({type: 'process-file', source, settings, mergeBoard});
		this.#threads.add(thread);
		thread.progress.direct(this.#directive);
		const outcome = toOutcome(await thread.reply);
		this.#threads.delete(thread);
		this.#leftTotals = thread.progress.read();
		this.#readsBefore += this.#leftTotals.bytesRead;
		return outcome;
	}

	async #follow(thread: AssignedThread): Promise<void> {
		this.#threads.add(thread);
		if (this.#directive !== 'run') thread.progress.direct(this.#directive);
		const reply = await thread.reply;
		this.#threads.delete(thread);
		this.#told.delete(thread);
		const {bytesRead, rows, rejectedRows} = thread.progress.read();
		const left = this.#leftTotals;
		this.#readsBefore += bytesRead;
		this.#leftTotals = {
			bytesRead: left.bytesRead + bytesRead,
			rows: left.rows + rows,
			rejectedRows: left.rejectedRows + rejectedRows,
		};
		if (reply.type === 'read-ranges') {
			if (reply.part === null) this.#hasDataFault = true;
			else this.#parts.push(reply.part);
			return;
		}
		// A lost helper takes its ranges along; the others can stop.
		this.#failure = firstInFile(this.#failure, toOutcome(reply));
		this.#board.breakOff();
	}
}

/** Of two threads that failed at different places of the file, the one counts that was further in front. */
const firstInFile = (before: TaskOutcome | null, later: TaskOutcome): TaskOutcome =>
	before === null || (before.type === 'failed' && later.type === 'failed' && later.bytesRead < before.bytesRead)
		? later
		: before;
