// A group of small files that a worker has, or will have.
import type {FilesOfGroup, GroupClient, GroupEnd, RunningGroup} from '../engine/backend/job-backend.ts';
import type {OutcomeList, SmallFileOutcome} from '../engine/shared/protocol.ts';
import {noProgress, type ProgressTotals} from '../engine/shared/shared-progress.ts';
import type {JobEnd} from './coordination.ts';
import type {Coordinator} from './coordinator.ts';
import type {JobProgress, ResultBody, SentReply} from './messages.ts';
import {GIVEN_UP} from './sent-job.ts';

export class SentGroup implements RunningGroup {
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
			body: {settings, sources, bytesTotal: null, isGroup: true, span: null},
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
