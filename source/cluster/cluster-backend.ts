// The second backend of a run: its files are read by workers on other machines, and what they came to is merged here, as from threads. What
// only this process can read, standard input for example, its own threads read.
import type {
	FilesOfGroup,
	GroupClient,
	GroupEnd,
	JobBackend,
	RunningGroup,
	RunningTask,
	TaskOutcome,
	WorkerTask,
} from '../engine/backend/job-backend.ts';
import {monotonicMs} from '../engine/shared/monotonic.ts';
import type {OutcomeList, SmallFileOutcome} from '../engine/shared/protocol.ts';
import type {ProgressTotals} from '../engine/shared/shared-progress.ts';
import {isSendable} from '../engine/shared/source-location.ts';
import type {JobEnd} from './coordination.ts';
import type {Coordinator} from './coordinator.ts';
import {absolute, areSendable, type JobProgress, type ResultBody, type SentReply} from './messages.ts';

const noProgress: ProgressTotals = {bytesRead: 0, rows: 0, rejectedRows: 0};

/** A worker that was told to abort and has not answered by then does not hear. */
const ABORT_GRACE_MS = 1500;

const GIVEN_UP = 'it was given up';

export class ClusterBackend implements JobBackend {
	readonly #coordinator: Coordinator;
	readonly #local: JobBackend;
	readonly #closing = new AbortController();
	readonly #running = new Set<{
		readonly abort: () => void;
		readonly kill: () => void;
		readonly ended: Promise<unknown>;
	}>();

	/** @param local - For what only this process can read. */
	constructor(coordinator: Coordinator, local: JobBackend) {
		this.#coordinator = coordinator;
		this.#local = local;
	}

	readonly start = async (task: WorkerTask, signal: AbortSignal): Promise<RunningTask | null> => {
		const {source, settings, bytesTotal = null} = task;
		if (!isSendable(source) || !areSendable(settings)) return this.#local.start(task, signal);
		const ending = AbortSignal.any([signal, this.#closing.signal]);
		if (ending.aborted) return null;
		const coordinator = this.#coordinator;
		const progress = new Progress();
		const outcome = Promise.withResolvers<TaskOutcome>();
		const started = Promise.withResolvers<boolean>();
		const key = coordinator.submit({
			body: {settings, sources: [absolute(source)], bytesTotal, isGroup: false},
			onStarted: () => started.resolve(true),
			onWithdrawn: () => started.resolve(false),
			onProgress: job => progress.takeIn(job),
			onEnded(end) {
				started.resolve(true);
				outcome.resolve(outcomeOf(end));
			},
		});
		const withdraw = (): void => coordinator.withdraw(key);
		ending.addEventListener('abort', withdraw, {once: true});
		const hasWorker = await started.promise;
		ending.removeEventListener('abort', withdraw);
		if (!hasWorker) return null;
		const running: RunningTask = {
			outcome: outcome.promise,
			readProgress: () => progress.totals,
			// A file that waits for another worker does not stand still.
			countReads: () => (coordinator.isAtWork(key) ? progress.changes : monotonicMs()),
			direct: directive => coordinator.direct(key, directive),
			kill: () => coordinator.giveUp(key),
		};
		this.#follow({abort: () => running.direct('abort'), kill: running.kill, ended: running.outcome});
		if (this.#closing.signal.aborted) running.direct('abort');
		return running;
	};

	readonly startGroup = async (client: GroupClient): Promise<RunningGroup | null> => {
		await this.#coordinator.untilRoom(this.#closing.signal);
		const files = this.#closing.signal.aborted ? {sources: [], settings: null} : client.choose();
		const {sources, settings} = files;
		if (sources.length === 0 || settings === null) return null;
		if (!sources.every(isSendable) || !areSendable(settings)) return this.#startHere(client, files);
		const group = new SentGroup(this.#coordinator, {sources: sources.map(absolute), settings}, client);
		this.#follow({abort: () => group.abortAll(sources.length), kill: group.kill, ended: group.ended});
		client.onStart(group);
		return group;
	};

	/** What goes into its tables is decided by all workers together nowhere: they come with all groups. */
	readonly giveUpGroups = (analysis: string): void => this.#local.giveUpGroups(analysis);

	readonly setFilesInFlight = (count: number): void => this.#local.setFilesInFlight(count);

	readonly close = async (): Promise<void> => {
		this.#closing.abort();
		const running = [...this.#running];
		for (const {abort} of running) abort();
		const timer = setTimeout(() => {
			for (const {kill} of this.#running) kill();
		}, ABORT_GRACE_MS);
		await Promise.all([...running.map(({ended}) => ended), this.#local.close()]);
		clearTimeout(timer);
	};

	async #startHere(client: GroupClient, files: FilesOfGroup): Promise<RunningGroup | null> {
		return (await this.#local.startGroup?.({...client, choose: () => files})) ?? null;
	}

	#follow(running: {readonly abort: () => void; readonly kill: () => void; readonly ended: Promise<unknown>}): void {
		this.#running.add(running);
		void running.ended.then(() => this.#running.delete(running));
	}
}

/** How far a worker is: what it says may come late, or twice, or be of an earlier try. */
class Progress {
	totals = noProgress;
	/** Grows whenever anything was read. */
	changes = 0;

	takeIn({bytesRead, rows, rejectedRows}: ProgressTotals): void {
		const {totals} = this;
		this.changes += Math.abs(bytesRead - totals.bytesRead);
		this.totals = {
			bytesRead: Math.max(totals.bytesRead, bytesRead),
			rows: Math.max(totals.rows, rows),
			rejectedRows: Math.max(totals.rejectedRows, rejectedRows),
		};
	}
}

function outcomeOf(end: JobEnd<ResultBody>): TaskOutcome {
	const failed = (code: string, message: string): TaskOutcome => ({
		type: 'failed',
		error: {code, message, line: null, byte_offset: null},
		bytesRead: 0,
	});
	switch (end.type) {
		case 'result':
			return end.result.type === 'file'
				? end.result.outcome
				: failed('QUEUE_REFUSED', 'A worker took the file for a group');
		case 'given-up':
			return {type: 'worker-lost', cause: GIVEN_UP};
		case 'crashed':
			return failed(
				'CRASH_LOOP',
				'Three workers ended one after the other while they had this file, so it is not tried again. Their logs may say why',
			);
		case 'refused':
			return failed('QUEUE_REFUSED', `Workers do not take the file: ${end.why}`);
	}
}

/** A group of small files that a worker has, or will have. */
class SentGroup implements RunningGroup {
	readonly ended: Promise<GroupEnd>;
	readonly #key: string;
	readonly #coordinator: Coordinator;
	readonly #client: GroupClient;
	readonly #end = Promise.withResolvers<GroupEnd>();
	#current = -1;
	#totals = noProgress;
	/** Replies that were passed on before the end, and the try that they are of. */
	#passedOn = 0;
	#outcomeCount = 0;
	#execution: string | null = null;
	#isOver = false;

	constructor(
		coordinator: Coordinator,
		{sources, settings}: FilesOfGroup & {readonly settings: NonNullable<FilesOfGroup['settings']>},
		client: GroupClient,
	) {
		this.#coordinator = coordinator;
		this.#client = client;
		this.ended = this.#end.promise;
		this.#key = coordinator.submit({
			body: {settings, sources, bytesTotal: null, isGroup: true},
			onStarted() {},
			onWithdrawn() {},
			onProgress: job => this.#takeProgress(job),
			onSoFar: result => this.#takeSoFar(result),
			onEnded: end => this.#takeEnd(end),
		});
	}

	readonly currentIndex = (): number => this.#current;
	readonly readProgress = (): ProgressTotals => this.#totals;
	readonly direct = (directive: 'run' | 'hold'): void => this.#coordinator.direct(this.#key, directive);
	/** A worker may have begun it: its outcome tells. */
	readonly cancelFile = (index: number): boolean => {
		this.#coordinator.cancelFile(this.#key, index);
		return false;
	};
	readonly abortFile = (index: number): void => this.#coordinator.cancelFile(this.#key, index);
	readonly kill = (): void => this.#coordinator.giveUp(this.#key);

	abortAll(count: number): void {
		for (let index = 0; index < count; index++) this.#coordinator.cancelFile(this.#key, index);
	}

	#takeProgress({execution, currentIndex, bytesRead, rows, rejectedRows}: JobProgress): void {
		if (this.#isOtherTry(execution)) return;
		const isNext = currentIndex > this.#current;
		if (isNext || (currentIndex === this.#current && bytesRead >= this.#totals.bytesRead))
			this.#totals = {bytesRead, rows, rejectedRows};
		this.#current = Math.max(this.#current, currentIndex);
	}

	#takeSoFar(result: ResultBody): void {
		if (this.#isOver || result.type !== 'files' || this.#isOtherTry(result.execution)) return;
		this.#execution = result.execution;
		this.#passOn(result.replies);
	}

	#takeEnd(end: JobEnd<ResultBody>): void {
		if (this.#isOver) return;
		if (end.type !== 'result' || end.result.type !== 'files') {
			this.#finish({type: 'lost', cause: causeOf(end)});
			return;
		}
		const {result} = end;
		if (this.#isOtherTry(result.execution)) return;
		this.#passOn(result.replies);
		this.#finish(result.lost === null ? {type: 'done'} : {type: 'lost', cause: result.lost});
	}

	/**
	A worker that begins anew gives other replies: those that were passed on would count twice. Then the group is lost, and its other files
	go on in another one.
	*/
	#isOtherTry(execution: string): boolean {
		if (this.#execution === null || this.#execution === execution) return false;
		this.#finish({type: 'lost', cause: 'its worker ended'});
		this.kill();
		return true;
	}

	#passOn(replies: readonly SentReply[]): void {
		for (const {outcomes, kept, ...rest} of replies.slice(this.#passedOn)) {
			this.#passedOn++;
			this.#outcomeCount += outcomes.length;
			this.#current = Math.max(this.#current, this.#outcomeCount - 1);
			this.#client.onReply({...rest, outcomes: outcomeList(outcomes, kept)});
		}
	}

	#finish(end: GroupEnd): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#end.resolve(end);
	}
}

const causeOf = (end: JobEnd<ResultBody>): string =>
	end.type === 'refused' ? end.why : end.type === 'crashed' ? 'three workers ended while they had it' : GIVEN_UP;

const outcomeList = (outcomes: readonly SmallFileOutcome[], kept: Uint8Array<ArrayBuffer> | null): OutcomeList => ({
	length: outcomes.length,
	at: place => (place >= 0 ? outcomes[place] : undefined),
	[Symbol.iterator]: () => outcomes[Symbol.iterator](),
	...(kept !== null && {kept}),
});
