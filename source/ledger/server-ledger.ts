// The ledger of a server: changes are written by a thread, one transaction for all that comes together; what is asked is read here, from what is on the
// disk.
import {extname} from 'node:path';
import type {DatabaseSync, SQLInputValue, StatementSync} from 'node:sqlite';
import {Worker} from 'node:worker_threads';
import type {FromCommitThread, NamedChange, ToCommitThread} from './commit-thread.ts';
import {LedgerError} from './ledger-error.ts';
import {openToRead} from './open-database.ts';
import type {ServerStatement} from './server-statements.ts';

/** See `start-ledger-thread.ts`. */
const THREAD_ENTRY = new URL(
	extname(import.meta.url) === '.ts' ? './server-thread.ts' : './ledger/server-thread.cjs',
	import.meta.url,
);

export type ServerChange = NamedChange<ServerStatement>;

/** Nothing of a commit was written. */
export class ServerCommitError extends Error {
	override readonly name = 'ServerCommitError';
	readonly isFull: boolean;
	/** Something has changed meanwhile: the name is taken, the task has ended. */
	readonly isConflict: boolean;

	constructor(message: string, {isFull, isConflict}: {readonly isFull: boolean; readonly isConflict: boolean}) {
		super(message);
		this.isFull = isFull;
		this.isConflict = isConflict;
	}
}

export type Row = Readonly<Record<string, unknown>>;

export class ServerLedger {
	readonly #worker: Worker;
	readonly #database: DatabaseSync;
	readonly #statements = new Map<string, StatementSync>();
	readonly #waiting = new Map<number, {readonly resolve: () => void; readonly reject: (error: Error) => void}>();
	readonly #ended = Promise.withResolvers<void>();
	#count = 0;
	#failure: Error | null = null;

	/** @throws {LedgerError} When it cannot be written. */
	static async open(path: string): Promise<ServerLedger> {
		const worker = new Worker(THREAD_ENTRY, {workerData: path, stderr: true});
		const {promise, resolve, reject} = Promise.withResolvers<void>();
		worker.once('message', (message: FromCommitThread) => {
			if (message.type === 'opened') resolve();
			else reject(new LedgerError(message.type === 'failed' ? message.message : `Unexpected: ${message.type}`));
		});
		worker.once('error', reject);
		await promise;
		return new ServerLedger(worker, openToRead(path));
	}

	private constructor(worker: Worker, database: DatabaseSync) {
		this.#worker = worker;
		this.#database = database;
		this.#ended.promise.catch(() => {});
		worker.on('message', (message: FromCommitThread) => this.#handle(message));
		worker.on('error', error => this.#fail(error));
		worker.on('exit', () => this.#fail(new Error('The thread of the ledger has ended')));
	}

	/**
	Resolves when all of it is on the disk.

	@throws {ServerCommitError} When nothing of it is.
	*/
	commit(...changes: readonly ServerChange[]): Promise<void> {
		if (this.#failure !== null) return Promise.reject(this.#failure);
		const id = this.#count++;
		const {promise, resolve, reject} = Promise.withResolvers<void>();
		this.#waiting.set(id, {resolve, reject});
		this.#worker.postMessage({type: 'commit', id, changes} satisfies ToCommitThread);
		return promise;
	}

	get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
		return this.#prepare(sql).get(...values);
	}

	all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
		return this.#prepare(sql).all(...values);
	}

	async close(): Promise<void> {
		if (this.#failure === null) {
			this.#worker.postMessage({type: 'end'} satisfies ToCommitThread);
			await this.#ended.promise;
		}
		this.#database.close();
	}

	#prepare(sql: string): StatementSync {
		const known = this.#statements.get(sql);
		if (known !== undefined) return known;
		const statement = this.#database.prepare(sql);
		this.#statements.set(sql, statement);
		return statement;
	}

	#handle(message: FromCommitThread): void {
		if (message.type === 'committed') for (const id of message.ids) this.#settle(id, null);
		else if (message.type === 'refused') this.#settle(message.id, new ServerCommitError(message.message, message));
		else if (message.type === 'ended') this.#ended.resolve();
		else if (message.type === 'failed') this.#fail(new LedgerError(message.message));
	}

	#settle(id: number, error: Error | null): void {
		const waiting = this.#waiting.get(id);
		this.#waiting.delete(id);
		if (error === null) waiting?.resolve();
		else waiting?.reject(error);
	}

	#fail(error: Error): void {
		this.#failure ??= error;
		this.#ended.reject(error);
		for (const {reject} of this.#waiting.values()) reject(error);
		this.#waiting.clear();
	}
}
