// Processes for processors: so many at most, each with one file at a time. They are started when they are needed, stay for the files that
// follow, and are replaced when they are lost.
import type {ProcessReply, ToProcess} from '../protocol.ts';
import {type ProcessLimits, type RequestOptions, StartedProcess} from './started-process.ts';

export interface ProcessPoolOptions {
	/** At most. */
	readonly count: number;
	readonly limits: ProcessLimits;
	readonly onLog: (message: string) => void;
}

export class ProcessPool {
	readonly #options: ProcessPoolOptions;
	readonly #idle: StartedProcess[] = [];
	readonly #all = new Set<StartedProcess>();
	readonly #waiting: (() => void)[] = [];
	#busyCount = 0;
	#isClosed = false;

	constructor(options: ProcessPoolOptions) {
		this.#options = options;
	}

	/** Asks the next one that is free; requests are answered in their order. @throws As `StartedProcess.request`. */
	async request(message: ToProcess, options: RequestOptions): Promise<ProcessReply> {
		await this.#untilFree(options.signal);
		let child: StartedProcess | null = null;
		try {
			if (this.#isClosed) throw new Error('The processes of processors have been ended');
			child = this.#take();
			return await child.request(message, options);
		} finally {
			if (child?.isUsable === true && !this.#isClosed) this.#idle.push(child);
			else if (child !== null) this.#all.delete(child);
			this.#busyCount--;
			this.#waiting.shift()?.();
		}
	}

	/** Ends all of them; what they work on fails. */
	async close(): Promise<void> {
		this.#isClosed = true;
		await Promise.all(Array.from(this.#all, child => child.close()));
		this.#all.clear();
		this.#idle.length = 0;
	}

	async #untilFree(signal: AbortSignal | undefined): Promise<void> {
		if (this.#busyCount < this.#options.count) {
			this.#busyCount++;
			return;
		}
		const {promise, resolve, reject} = Promise.withResolvers<void>();
		const next = (): void => {
			signal?.removeEventListener('abort', leave);
			this.#busyCount++;
			resolve();
		};
		const leave = (): void => {
			this.#waiting.splice(this.#waiting.indexOf(next), 1);
			reject(signal?.reason);
		};
		signal?.addEventListener('abort', leave, {once: true});
		this.#waiting.push(next);
		await promise;
	}

	/** The one that worked last: its modules are warm, and the others may be given up. */
	#take(): StartedProcess {
		for (let child = this.#idle.pop(); child !== undefined; child = this.#idle.pop()) {
			if (child.isUsable) return child;
			this.#all.delete(child);
		}
		const {limits, onLog} = this.#options;
		const started: StartedProcess = new StartedProcess(limits, {
			onIdleEnd: reason => {
				this.#all.delete(started);
				onLog(`A process of processors ended between two files, and is replaced: ${reason}`);
			},
			onLog,
		});
		this.#all.add(started);
		return started;
	}
}
