// Asks the thread that writes tables.
import {extname} from 'node:path';
import {Worker} from 'node:worker_threads';
import type {ContentCoding} from '../content-coding.ts';
import type {WriteRequest} from './write-tables.ts';

export type ToTableThread = {readonly id: number} & (
	| {readonly type: 'write'; readonly request: WriteRequest}
	/** Makes Parquet of CSV. */
	| {
			readonly type: 'parquet';
			readonly columns: readonly string[];
			readonly texts: readonly string[];
			readonly source: string;
			readonly target: string;
	  }
	/** Answers with the results of all, as JSON. */
	| {readonly type: 'combine'; readonly packed: readonly Uint8Array[]}
	| {readonly type: 'pack'; readonly coding: ContentCoding; readonly source: string; readonly target: string}
);

export interface FromTableThread {
	readonly id: number;
	/** `null` where it is done. */
	readonly failure: {readonly code: string | null; readonly message: string} | null;
	/** What was asked for; `''`: nothing was. */
	readonly answer: string;
}

const THREAD_ENTRY = new URL(
	extname(import.meta.url) === '.ts' ? './table-thread.ts' : './server/table-thread.cjs',
	import.meta.url,
);

/** One table at a time is there as a whole: 500,000 groups with 32 MiB of keys, and the places of all to be sorted. */
const MAX_HEAP_MIB = 512;
/** Then it ends until there is work again. */
const IDLE_MS = 30_000;

interface Waiting {
	readonly resolve: (answer: string) => void;
	readonly reject: (error: unknown) => void;
}

export class TableWriter {
	/** Started when it is needed. */
	#worker: Worker | null = null;
	readonly #waiting = new Map<number, Waiting>();
	#count = 0;
	#idleTimer: NodeJS.Timeout | null = null;

	/** Rejects with what went wrong. One thing is done after the other. */
	async perform(task: WithoutId<Exclude<ToTableThread, {readonly type: 'combine'}>>): Promise<void> {
		await this.#ask(task);
	}

	/** The results of all, as JSON. Rejects as `perform`. */
	combine(packed: readonly Uint8Array[]): Promise<string> {
		return this.#ask({type: 'combine', packed});
	}

	async #ask(task: WithoutId<ToTableThread>): Promise<string> {
		if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
		const id = this.#count++;
		const {promise, resolve, reject} = Promise.withResolvers<string>();
		this.#waiting.set(id, {resolve, reject});
		this.#worker ??= this.#start();
		this.#worker.postMessage({id, ...task} satisfies ToTableThread);
		try {
			return await promise;
		} finally {
			this.#waiting.delete(id);
			if (this.#waiting.size === 0) this.#idleTimer = setTimeout(() => this.close(), IDLE_MS).unref();
		}
	}

	async close(): Promise<void> {
		const worker = this.#worker;
		this.#worker = null;
		await worker?.terminate();
	}

	#start(): Worker {
		const worker = new Worker(THREAD_ENTRY, {stderr: true, resourceLimits: {maxOldGenerationSizeMb: MAX_HEAP_MIB}});
		worker.on('message', ({id, failure, answer}: FromTableThread) => {
			const waiting = this.#waiting.get(id);
			if (failure === null) waiting?.resolve(answer);
			else waiting?.reject(Object.assign(new Error(failure.message), {code: failure.code}));
		});
		const fail = (error: Error): void => {
			// The next one gets a new thread.
			if (this.#worker === worker) this.#worker = null;
			for (const {reject} of this.#waiting.values()) reject(error);
		};
		worker.on('error', fail);
		worker.on('exit', () => fail(new Error('The thread that writes tables has ended')));
		return worker;
	}
}

type WithoutId<Message> = Message extends {readonly id: number} ? Omit<Message, 'id'> : never;
