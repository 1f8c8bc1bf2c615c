// The workers and runs at a queue, by what they say of themselves there: who is there, and who has gone.
import {monotonicMs} from '../engine/shared/monotonic.ts';
import {checkRun, checkWorker, FORMAT, type WorkerBody} from './messages.ts';
import type {Bulletins} from './queue.ts';
import type {Sealer} from './seal.ts';

/** A worker, as it was last heard of. */
export interface WorkerView extends WorkerBody {
	/** On the clock of this process. */
	readonly seenAtMs: number;
	/** Whether it may take jobs of this program. */
	readonly fits: boolean;
	/** When it was heard of first, and what it had read by then. */
	readonly first: {readonly seenAtMs: number; readonly bytesRead: number};
}

/** What is said of workers and runs that were not heard of for so long is removed. */
export const FORGET_AFTER_MS = 300_000;

export class Heard {
	readonly #bulletins: Bulletins;
	readonly #sealer: Sealer;
	readonly #deadAfterMs: number;
	readonly #onWorker: (worker: WorkerView) => void;
	readonly #workers = new Map<string, WorkerView>();
	readonly #all = new Map<string, {beat: number; seenAtMs: number}>();

	/**
	@param deadAfterMs - A worker that was not heard of for so long is not there.
	@param onWorker - Called when one has said something new.
	*/
	constructor(bulletins: Bulletins, sealer: Sealer, deadAfterMs: number, onWorker: (worker: WorkerView) => void) {
		this.#bulletins = bulletins;
		this.#sealer = sealer;
		this.#deadAfterMs = deadAfterMs;
		this.#onWorker = onWorker;
	}

	/** Those that were heard of lately. */
	workers(): readonly WorkerView[] {
		const now = monotonicMs();
		return Array.from(this.#workers.values()).filter(({seenAtMs}) => now - seenAtMs < this.#deadAfterMs);
	}

	/** Threads of those that take jobs. */
	get threads(): number {
		return this.workers().reduce((sum, {fits, isDraining, threads}) => sum + (fits && !isDraining ? threads : 0), 0);
	}

	/** Looks what they say now. */
	async look(): Promise<void> {
		const now = monotonicMs();
		const bulletins = await this.#bulletins.list();
		this.#forgetOthersThan(new Set(bulletins.map(({id}) => id)));
		for (const {id, text} of bulletins) {
			const kind = id.startsWith('worker-') ? 'worker' : 'run';
			let value: unknown;
			try {
				value = this.#sealer.open(kind, text);
			} catch {
				continue;
			}
			const body = kind === 'worker' ? checkWorker(value) : checkRun(value);
			if (body === null || body.id !== id) continue;
			const known = this.#all.get(id);
			if (known?.beat !== body.beat) {
				this.#all.set(id, {beat: body.beat, seenAtMs: now});
				if (body.type === 'worker') this.#takeIn(body, now);
			} else if (now - known.seenAtMs > FORGET_AFTER_MS) {
				this.#all.delete(id);
				this.#workers.delete(id);
				await this.#bulletins.retract(id);
			}
		}
	}

	#takeIn(body: WorkerBody, now: number): void {
		const first = this.#workers.get(body.id)?.first ?? {seenAtMs: now, bytesRead: body.bytesRead};
		const worker = {...body, first, seenAtMs: now, fits: body.format === FORMAT};
		this.#workers.set(worker.id, worker);
		this.#onWorker(worker);
	}

	/** Workers and runs that end take back what they said of themselves. */
	#forgetOthersThan(ids: ReadonlySet<string>): void {
		for (const id of this.#all.keys()) {
			if (ids.has(id)) continue;
			this.#all.delete(id);
			this.#workers.delete(id);
		}
	}
}
