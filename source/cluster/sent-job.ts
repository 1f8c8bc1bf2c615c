// A file, or some ranges of one, that a worker has or will have, as a run sees it.

import {noProgress, type ProgressTotals} from '../engine/shared/shared-progress.ts';
import type {ErrorReport} from '../model/report.ts';
import type {JobEnd} from './coordination.ts';
import type {Coordinator} from './coordinator.ts';
import type {JobBody, ResultBody} from './messages.ts';

export const GIVEN_UP = 'it was given up';

export class SentJob {
	readonly key: string;
	/** Whether a worker has begun, or it ended without one. */
	readonly started: Promise<boolean>;
	/** `null` where it was withdrawn before that. */
	readonly ended: Promise<JobEnd<ResultBody> | null>;
	readonly progress = new Progress();
	isOver = false;
	readonly #coordinator: Coordinator;

	constructor(coordinator: Coordinator, body: Omit<JobBody, 'token' | 'format' | 'run' | 'isGroup'>) {
		this.#coordinator = coordinator;
		const started = Promise.withResolvers<boolean>();
		const ended = Promise.withResolvers<JobEnd<ResultBody> | null>();
		const end = (how: JobEnd<ResultBody> | null): void => {
			this.isOver = true;
			started.resolve(how !== null);
			ended.resolve(how);
		};
		this.started = started.promise;
		this.ended = ended.promise;
		this.key = coordinator.submit({
			body: {...body, isGroup: false},
			onStarted: () => started.resolve(true),
			onWithdrawn: () => end(null),
			onProgress: job => this.progress.takeIn(job),
			onEnded: end,
		});
	}

	/** Resolves like `started`; the job is withdrawn when the signal is aborted before. */
	async startedUnless(signal: AbortSignal): Promise<boolean> {
		const withdraw = (): void => this.#coordinator.withdraw(this.key);
		signal.addEventListener('abort', withdraw, {once: true});
		const hasWorker = await this.started;
		signal.removeEventListener('abort', withdraw);
		return hasWorker;
	}

	get isAtWork(): boolean {
		return this.#coordinator.isAtWork(this.key);
	}

	readonly direct = (directive: 'run' | 'hold' | 'abort'): void => this.#coordinator.direct(this.key, directive);
	readonly withdraw = (): void => this.#coordinator.withdraw(this.key);
	readonly giveUp = (): void => this.#coordinator.giveUp(this.key);
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

/** What becomes of a file whose job has ended without a result. */
export type EndOfFile =
	| {readonly type: 'failed'; readonly error: ErrorReport; readonly bytesRead: number}
	| {readonly type: 'worker-lost'; readonly cause: string};

export function endWithoutResult(end: Exclude<JobEnd<ResultBody>, {readonly type: 'result'}>): EndOfFile {
	switch (end.type) {
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

/** A worker with the secret did what it was not asked for. */
export const wrongResult = (what: string): EndOfFile => failed('QUEUE_REFUSED', what);

const failed = (code: string, message: string): EndOfFile => ({
	type: 'failed',
	error: {code, message, line: null, byte_offset: null},
	bytesRead: 0,
});
