// The ledger of a server: changes are written by a thread, one transaction for all that comes together; what is asked is read here, from what is on the
// disk.
import type {DatabaseSync, SQLInputValue, StatementSync} from 'node:sqlite';
import {assertTables} from './assert-tables.ts';
import type {NamedChange} from './named-writer.ts';
import {explained, openToRead} from './open-database.ts';
import type {ServerStatement} from './server-statements.ts';
import {type CommitThread, startCommitThread} from './start-commit-thread.ts';

export type ServerChange = NamedChange<ServerStatement>;

export type Row = Readonly<Record<string, unknown>>;

/** @param elapsedMs - From when it was asked for until it was on the disk. */
type CommitListener = (changes: readonly ServerChange[], elapsedMs: number) => void;

type ServerThread = CommitThread<readonly ServerChange[], never, null>;

export class ServerLedger {
	readonly #thread: ServerThread;
	readonly #database: DatabaseSync;
	readonly #statements = new Map<string, StatementSync>();
	#committedAt = Number.NEGATIVE_INFINITY;
	readonly #onCommitted: CommitListener[] = [];

	/** @throws {LedgerError} When it cannot be written. */
	static async open(path: string): Promise<ServerLedger> {
		const thread = await startCommitThread<readonly ServerChange[], never, null>('server-thread', path);
		const database = openToRead(path);
		try {
			explained(path, () => assertTables(database));
		} catch (error) {
			database.close();
			await thread.close();
			throw error;
		}
		return new ServerLedger(thread, database);
	}

	private constructor(thread: ServerThread, database: DatabaseSync) {
		this.#thread = thread;
		this.#database = database;
	}

	/**
	Resolves when all of it is on the disk.

	@throws {CommitError} When nothing of it is.
	*/
	async commit(...changes: readonly ServerChange[]): Promise<void> {
		const startedAt = performance.now();
		await this.#thread.commit(changes);
		this.#committedAt = performance.now();
		for (const perform of this.#onCommitted) perform(changes, this.#committedAt - startedAt);
	}

	/** When something was on the disk last, by the clock of `performance.now()`. */
	get committedAt(): number {
		return this.#committedAt;
	}

	/** @param perform - Called with what is on the disk by now, before who has committed it goes on. */
	onCommitted(perform: CommitListener): void {
		this.#onCommitted.push(perform);
	}

	get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
		return this.#prepare(sql).get(...values);
	}

	all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
		return this.#prepare(sql).all(...values);
	}

	async close(): Promise<void> {
		await this.#thread.close();
		this.#database.close();
	}

	#prepare(sql: string): StatementSync {
		const known = this.#statements.get(sql);
		if (known !== undefined) return known;
		const statement = this.#database.prepare(sql);
		this.#statements.set(sql, statement);
		return statement;
	}
}
