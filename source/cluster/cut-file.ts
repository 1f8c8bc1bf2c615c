// A large file that is cut, so that several workers read it: each has some ranges of it, one behind the other, and what these came to is merged
// here by the rules of threads (engine/pool). Where ranges do not fit together, or the file is not one for ranges, one worker reads it
// from its beginning, whose word counts.
//
//   first ranges ──> begun ──> the others, as there is room ──> all read ──> combined
//                                  │ one fails: those behind it are given up, those in front of it are awaited
//                                  └──> do not fit ──> one worker reads it alone
//
// A file that is held keeps one thread of one worker, as a small one does: other parts that were begun are read to their end, and those that
// were not are taken back.
import type {FileSpan, RunningTask, SpanOutcome, TaskOutcome, WorkerTask} from '../engine/backend/job-backend.ts';
import {combineMerged} from '../engine/pool/combine-ranges.ts';
import {PartSum} from '../engine/pool/part-sum.ts';
import {agreesElsewhere} from '../engine/shared/file-state.ts';
import {withFormsFor} from '../engine/shared/forced-dialect.ts';
import {monotonicMs} from '../engine/shared/monotonic.ts';
import {RANGE_BYTES, RangeBoard} from '../engine/shared/range-board.ts';
import {type Directive, noProgress, type ProgressTotals} from '../engine/shared/shared-progress.ts';
import {fileNameOf} from '../engine/shared/source-location.ts';
import type {SplitCheckpoint} from '../engine/shared/split-checkpoint.ts';
import {messageOf} from '../text/system-error.ts';
import type {JobEnd} from './coordination.ts';
import type {Coordinator} from './coordinator.ts';
import {FileParts, type PartEnd} from './file-parts.ts';
import {type Beginning, beginningOf} from './file-spans.ts';
import type {ResultBody} from './messages.ts';
import {endWithoutResult, SentJob, wrongResult} from './sent-job.ts';
import {WaitingLine} from './waiting-line.ts';
import {outcomeOf} from './whole-file.ts';

/** A checkpoint may have all groups of the file in it: so rarely that it takes a twentieth of the time. */
const CHECKPOINT_MS = 1000;
const CHECKPOINT_SHARE = 20;

/** @param signal - Without effect once a worker has some of it. @returns `null` where it was aborted before that. */
export async function startCutFile(
	coordinator: Coordinator,
	task: WorkerTask,
	signal: AbortSignal,
): Promise<RunningTask | null> {
	const fileBytes = task.bytesTotal ?? 0;
	const found = beginningOf(task, fileBytes);
	const [first] = found.spans;
	if (first === undefined) throw new Error('Expected a part of the file');
	const job = sendPart(coordinator, task, first);
	return (await job.startedUnless(signal)) ? new CutFile(coordinator, task, found, job) : null;
}

const sendPart = (coordinator: Coordinator, {source, settings}: WorkerTask, span: FileSpan): SentJob =>
	new SentJob(coordinator, {settings, sources: [source], bytesTotal: span.fileBytes, span});

type Failure = Exclude<TaskOutcome, {readonly type: 'completed'}>;

class CutFile implements RunningTask {
	readonly outcome: Promise<TaskOutcome>;
	readonly #coordinator: Coordinator;
	readonly #task: WorkerTask;
	readonly #fileBytes: number;
	readonly #spans: readonly FileSpan[];
	readonly #parts: FileParts<Failure>;
	readonly #board: RangeBoard;
	readonly #sum = new PartSum();
	/** By their places: those that were sent so far; or the one that has it alone. */
	#jobs: SentJob[];
	/** Aborted when no further part is to be sent, and when none at all is to be read. */
	readonly #stopping = new AbortController();
	readonly #ending = new AbortController();
	readonly #held = new WaitingLine();
	#identity: string | null = null;
	#isKilled = false;
	#directive: Directive = 'run';
	/** What was read before, and the progress reported so far. */
	#before = noProgress;
	#reported = noProgress;
	#checkpointAtMs = 0;

	constructor(coordinator: Coordinator, task: WorkerTask, {from, spans}: Beginning, first: SentJob) {
		this.#coordinator = coordinator;
		this.#task = task;
		this.#fileBytes = spans[0]?.fileBytes ?? 0;
		this.#spans = spans;
		this.#parts = new FileParts(spans.length);
		this.#board = new RangeBoard(this.#fileBytes, spans[0]?.rangeBytes ?? RANGE_BYTES);
		this.#jobs = [first];
		this.outcome = this.#run(first, from);
	}

	readonly readProgress = (): ProgressTotals => {
		const {bytesRead, rows, rejectedRows} = this.#reported;
		const all = [this.#before, ...this.#jobs.map(({progress}) => progress.totals)];
		const sumOf = (what: keyof ProgressTotals): number => all.reduce((sum, totals) => sum + totals[what], 0);
		this.#reported = {
			// Every worker reads the header, and a little beyond its part; and one may read all of it again.
			bytesRead: Math.min(this.#fileBytes, Math.max(bytesRead, sumOf('bytesRead'))),
			rows: Math.max(rows, sumOf('rows')),
			rejectedRows: Math.max(rejectedRows, sumOf('rejectedRows')),
		};
		return this.#reported;
	};

	/** A file that waits for workers does not stand still. */
	readonly countReads = (): number =>
		this.#jobs.some(({isAtWork}) => isAtWork)
			? this.#jobs.reduce((sum, {progress}) => sum + progress.changes, 0)
			: monotonicMs();

	readonly direct = (directive: Directive): void => {
		if (this.#directive === 'abort') return;
		this.#directive = directive;
		if (directive === 'abort') this.#endAll();
		if (directive === 'hold') {
			this.#holdOne();
			return;
		}
		this.#held.wakeAll();
		for (const job of this.#jobs) {
			job.direct(directive);
			if (directive === 'abort') job.withdraw();
		}
	};

	readonly kill = (): void => {
		this.#isKilled = true;
		this.#endAll();
		this.#held.wakeAll();
		for (const job of this.#jobs) job.giveUp();
	};

	#endAll(): void {
		this.#stopping.abort();
		this.#ending.abort();
	}

	#holdOne(): void {
		const open = this.#jobs.filter(({isOver}) => !isOver);
		const holder = open.find(({isAtWork}) => isAtWork) ?? open[0];
		for (const job of open) if (job !== holder) job.withdraw();
		holder?.direct('hold');
	}

	async #run(first: SentJob, from: SplitCheckpoint | null): Promise<TaskOutcome> {
		if (from !== null) await this.#goOnFrom(from);
		const read = [this.#readPart(0, first)];
		const {signal} = this.#stopping;
		for (let place = 1; place < this.#spans.length; place++) {
			await this.#untilRoom(signal);
			if (signal.aborted) break;
			read.push(this.#readPart(place, this.#send(place)));
		}
		await Promise.all(read);
		const combined = await this.#combine();
		if (combined !== null) return combined;
		// What those came to that read some of it does not count any more.
		this.#jobs = [];
		this.#before = noProgress;
		return this.#readAlone();
	}

	/** Where it cannot be used, one worker reads the file. */
	async #goOnFrom({identity, ranges, parts}: SplitCheckpoint): Promise<void> {
		this.#identity = identity;
		this.#board.restore(ranges);
		this.#before = {
			bytesRead: ranges.reduce((sum, {startOffset, endOffset}) => sum + endOffset - startOffset, 0),
			rows: parts.reduce((sum, {rows}) => sum + rows, 0),
			rejectedRows: parts.reduce((sum, {rejectedRows}) => sum + rejectedRows, 0),
		};
		try {
			for (const part of parts) await this.#sum.add(part);
		} catch {
			this.#parts.ended(0, {type: 'does-not-fit'}, 0);
			this.#endAll();
		}
	}

	/** So that another process need not have read again what is merged, should this one die. */
	async #takeCheckpoint(): Promise<void> {
		const {checkpoints, settings} = this.#task;
		const beganAtMs = monotonicMs();
		const isTime = settings.postsEachChunk === true || beganAtMs >= this.#checkpointAtMs;
		if (checkpoints === undefined || !isTime || this.#ending.signal.aborted) return;
		this.#checkpointAtMs = Number.POSITIVE_INFINITY;
		const parts = await this.#sum.copy();
		const {fileBytes, rangeBytes} = this.#board;
		if (this.#identity !== null && parts.length > 0 && this.#parts.fits && !this.#board.isBroken) {
			const ranges = this.#board.describe(parts.flatMap(part => part.ranges));
			checkpoints.onTaken({identity: this.#identity, fileBytes, rangeBytes, ranges, parts});
		}
		const tookMs = monotonicMs() - beganAtMs;
		this.#checkpointAtMs = beganAtMs + Math.max(CHECKPOINT_MS, tookMs * CHECKPOINT_SHARE);
	}

	/** Resolves when a part that is sent would soon have a worker, and may be read. */
	async #untilRoom(signal: AbortSignal): Promise<void> {
		await this.#coordinator.untilRoom(signal);
		while (this.#directive === 'hold' && !signal.aborted) await this.#held.wait(signal);
	}

	#send(place: number): SentJob {
		const [span] = this.#spans.slice(place);
		if (span === undefined) throw new Error('Expected a part of the file');
		const job = sendPart(this.#coordinator, this.#task, span);
		this.#jobs[place] = job;
		return job;
	}

	async #readPart(place: number, first: SentJob): Promise<void> {
		const {signal} = this.#ending;
		let end = await first.ended;
		// It was taken back while the file was held.
		while (end === null && !signal.aborted && this.#parts.wants(place)) {
			await this.#untilRoom(signal);
			if (!signal.aborted && this.#parts.wants(place)) end = await this.#send(place).ended;
		}
		const known = await this.#takeIn(end, place);
		for (const other of this.#parts.ended(place, known, this.#jobs.length)) this.#jobs[other]?.giveUp();
		if (known.type !== 'read') this.#stopping.abort();
		if (!this.#parts.fits) this.#endAll();
		if (this.#directive === 'hold') this.#holdOne();
	}

	async #takeIn(end: JobEnd<ResultBody> | null, place: number): Promise<PartEnd<Failure>> {
		if (end === null) return {type: 'failed', failure: {type: 'aborted'}};
		if (end.type !== 'result') return {type: 'failed', failure: endWithoutResult(end)};
		const {result} = end;
		const [span] = this.#spans.slice(place);
		if (result.type !== 'span' || span === undefined)
			return {type: 'failed', failure: wrongResult('A worker took a part of the file for something else')};
		const {outcome} = result;
		if (outcome.type === 'not-in-ranges') return {type: 'does-not-fit'};
		if (outcome.type !== 'read') return {type: 'failed', failure: outcome};
		try {
			return {type: (await this.#takePart(outcome, span)) ? 'read' : 'does-not-fit'};
		} catch (error) {
			// Nobody waits for a part while there is no room for the next one.
			const failure = wrongResult(`What a worker has read of the file cannot be merged: ${messageOf(error)}`);
			return {type: 'failed', failure};
		}
	}

	/** @returns Whether it fits to what there is. */
	async #takePart({parts, ranges}: SpanOutcome & {readonly type: 'read'}, span: FileSpan): Promise<boolean> {
		const [known] = parts;
		if (known === undefined || parts.some(part => part.identity !== known.identity)) return false;
		this.#identity ??= known.identity;
		if (!agreesElsewhere(this.#identity, known.identity)) return false;
		this.#board.restore(ranges.filter(({range}) => range >= span.first && range < span.end));
		if (!this.#board.isCovered(span)) return false;
		for (const part of parts) await this.#sum.add({...part, identity: this.#identity});
		if (this.#board.isBroken) return false;
		await this.#takeCheckpoint();
		return true;
	}

	/** @returns `null` where one worker must read it alone. */
	async #combine(): Promise<TaskOutcome | null> {
		const {end} = this.#parts;
		const {settings, source} = this.#task;
		if (end.type === 'all-read') {
			const {parts, merged} = await this.#sum.take();
			const inForms = withFormsFor(settings, fileNameOf(source));
			const combined = await combineMerged(this.#board, parts, inForms, async () => merged);
			if (combined !== null) return {type: 'completed', file: {...combined, bytesRead: this.#fileBytes}};
		} else await this.#sum.discard();
		if (this.#isKilled) return endWithoutResult({type: 'given-up'});
		if (this.#directive === 'abort') return {type: 'aborted'};
		if (end.type !== 'failed') return null;
		// What failed may lie behind a place where one worker alone would have ended with an error of the data.
		return end.failure.type === 'failed' && settings.maxErrors !== null ? null : end.failure;
	}

	async #readAlone(): Promise<TaskOutcome> {
		const {source, settings} = this.#task;
		// Without a length no worker tries it in ranges again.
		const job = new SentJob(this.#coordinator, {settings, sources: [source], bytesTotal: null, span: null});
		this.#jobs.push(job);
		// It may have been told while the others ended.
		if (this.#directive !== 'run') job.direct(this.#directive);
		if (this.#directive === 'abort') job.withdraw();
		if (this.#isKilled) job.giveUp();
		return outcomeOf(await job.ended);
	}
}
