// The ledger of a server: changes are written by a thread, one transaction for all that comes together; what is asked is read here, from what is on the
// disk. Where several servers share it, it is a copy of what they have written together: see `shared/`.
import {randomUUID} from 'node:crypto';
import type {DatabaseSync, SQLInputValue, StatementSync} from 'node:sqlite';
import type {SecretAddress} from '../text/secret-address.ts';
import {assertTables} from './assert-tables.ts';
import {LedgerError} from './ledger-error.ts';
import type {NamedChange} from './named-writer.ts';
import {explained, openToRead} from './open-database.ts';
import type {ServerStatement} from './server-statements.ts';
import {DeadInstances} from './shared/dead-instances.ts';
import {MEMBER_TIMES, type MemberTimes} from './shared/members.ts';
import {
	type FromSharedThread,
	monotonicNow,
	type OpenedShared,
	type Progress,
	type Question,
	type SharedThreadData,
} from './shared/shared-messages.ts';
import {SNAPSHOT_LIMITS, type SnapshotLimits} from './shared/snapshots.ts';
import {type CommitThread, startCommitThread} from './start-commit-thread.ts';

export type ServerChange = NamedChange<ServerStatement>;

export type Row = Readonly<Record<string, unknown>>;

/** @param elapsedMs - From when it was asked for until it was on the disk; `null`: another server has written it. */
type CommitListener = (changes: readonly ServerChange[], elapsedMs: number | null) => void;

type ServerThread = CommitThread<readonly ServerChange[], Question, OpenedShared | null>;

/** What several servers share a ledger by. */
export interface Sharing {
	readonly address: SecretAddress;
	/** Of this program. */
	readonly version: string;
	/** Called with what is not as it should be, and when it is so again. */
	readonly onSaid: (sentence: string) => void;
	/** Tests have shorter ones. */
	readonly times?: MemberTimes;
	readonly snapshotLimits?: SnapshotLimits;
}

/** How it is shared with other servers, which are called instances. */
export interface SharedState extends OpenedShared {
	/** The name of this one, as long as its process lives. */
	readonly instance: string;
	/**
	Whether an instance is known to have died, which is asked more than once: who is not heard of may have come just now.

	@param what - That it is at.
	*/
	readonly isDead: (instance: string, what: string) => boolean;
	/** Whether this is the one that does what only one of them is to do. */
	readonly isKeeper: boolean;
}

/** The database may have stopped without a word. */
const CATCH_UP_MS = 1000;

export class ServerLedger {
	readonly #thread: ServerThread;
	readonly #database: DatabaseSync;
	readonly #statements = new Map<string, StatementSync>();
	#committedAt = Number.NEGATIVE_INFINITY;
	readonly #onCommitted: CommitListener[] = [];
	readonly #onProgress: ((...progress: Progress) => void)[] = [];
	readonly #instance: string;
	readonly #dead: DeadInstances;
	#keeperUntil = 0;

	/** @param sharing - `null`: it is this server's alone. @throws {LedgerError} When it cannot be written. */
	static async open(path: string, sharing: Sharing | null = null): Promise<ServerLedger> {
		const instance = randomUUID();
		let ledger: ServerLedger | null = null;
		const waiting: FromSharedThread[] = [];
		const thread =
			sharing === null
				? await startCommitThread<readonly ServerChange[], Question, null>('server-thread', path)
				: await startCommitThread<readonly ServerChange[], Question, OpenedShared>(
						'shared-thread',
						dataOf(path, instance, sharing),
						message => {
							if (ledger === null) waiting.push(message as FromSharedThread);
							else ledger.#take(message as FromSharedThread, sharing);
						},
					);
		const database = openToRead(path);
		try {
			explained(path, () => assertTables(database));
			if (sharing === null) assertOwn(database, path);
		} catch (error) {
			database.close();
			await thread.close();
			throw error;
		}
		ledger = new ServerLedger(thread, database, instance, sharing?.times ?? MEMBER_TIMES);
		if (sharing !== null) for (const message of waiting) ledger.#take(message, sharing);
		return ledger;
	}

	private constructor(thread: ServerThread, database: DatabaseSync, instance: string, {deadMs}: MemberTimes) {
		this.#thread = thread;
		this.#database = database;
		this.#instance = instance;
		this.#dead = new DeadInstances({validMs: deadMs / 2, now: monotonicNow});
	}

	/** `null`: it is not shared. */
	get shared(): SharedState | null {
		const {opened} = this.#thread;
		if (opened === null) return null;
		return {
			...{...opened, instance: this.#instance, isKeeper: monotonicNow() < this.#keeperUntil},
			isDead: (instance, what) => instance !== this.#instance && this.#dead.isDead(instance, what),
		};
	}

	/**
	Resolves when all of it is on the disk.

	@throws {CommitError} When nothing of it is.
	@throws {LedgerError} When that is not known.
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

	/**
	Resolves when what others had written until now can be read here: who has met one instance may meet another one next. Where that takes long, what is
	here is read as it is.
	*/
	async catchUp(): Promise<void> {
		const {promise, resolve} = Promise.withResolvers<void>();
		const patience = setTimeout(resolve, CATCH_UP_MS);
		await Promise.race([promise, this.#thread.ask({type: 'catch-up'}).catch(() => {})]);
		clearTimeout(patience);
	}

	/** Tells the other instances of progress, which may be lost. */
	tellOthers(...progress: Progress): void {
		this.#thread.ask({type: 'progress', progress}).catch(() => {});
	}

	/** @param perform - Called with the progress that others tell of. */
	onProgress(perform: (...progress: Progress) => void): void {
		this.#onProgress.push(perform);
	}

	get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
		return this.#prepare(sql).get(...values);
	}

	all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
		return this.#prepare(sql).all(...values);
	}

	/** The server ends, in which it still writes: after a moment nobody waits any more for what a log that is away would say. */
	stop(): void {
		if (this.#thread.opened !== null) this.#thread.ask({type: 'stop'}).catch(() => {});
	}

	async close(): Promise<void> {
		await this.#thread.close();
		this.#database.close();
	}

	#take(message: FromSharedThread, {onSaid}: Sharing): void {
		if (message.type === 'applied')
			for (const perform of this.#onCommitted) perform(message.changes as readonly ServerChange[], null);
		else if (message.type === 'progress') for (const perform of this.#onProgress) perform(...message.progress);
		else if (message.type === 'said') onSaid(message.sentence);
		else {
			this.#dead.take(message.alive, message.askedAt);
			this.#keeperUntil = message.keeperUntil;
		}
	}

	#prepare(sql: string): StatementSync {
		const known = this.#statements.get(sql);
		if (known !== undefined) return known;
		const statement = this.#database.prepare(sql);
		this.#statements.set(sql, statement);
		return statement;
	}
}

const dataOf = (
	path: string,
	instance: string,
	{address, version, times = MEMBER_TIMES, snapshotLimits = SNAPSHOT_LIMITS}: Sharing,
): SharedThreadData => ({path, address, version, instance, times, snapshotLimits});

/** What is written to a copy alone, the others would never have. @throws {LedgerError} */
function assertOwn(database: DatabaseSync, path: string): void {
	const row = database.prepare('SELECT place FROM shared_copy').get();
	if (row === undefined) return;
	throw new LedgerError(
		`The ledger ${path} is a copy of what servers share at ${String(row.place)}: start a server on it with --metadata and that address; users and token take that, too.`,
	);
}
