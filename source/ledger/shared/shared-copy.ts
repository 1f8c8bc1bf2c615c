// A ledger that is a copy of a shared log. What is read is read here; what is written is written there, and here when it is there.
//
//   nobody else writes -> entries that are new here -> own changes, in the same transaction -> the log has them -> so has the copy
//
// Who dies between the last two finds its entry in the log. How far a copy is stands in the copy itself, and changes with it.
import {randomUUID} from 'node:crypto';
import type {DatabaseSync} from 'node:sqlite';
import {setTimeout as wait} from 'node:timers/promises';
import type {NamedChange, NamedWriter} from '../named-writer.ts';
import {LogAway, type LogEntry, LogFault, type SharedLog, UnknownOutcome} from './shared-log.ts';

type Changes = readonly NamedChange[];

/** `null`: it is written. */
export type Outcome = Error | null;

export interface SharedCopyOptions {
	readonly database: DatabaseSync;
	readonly writer: NamedWriter;
	readonly log: SharedLog;
	/** Called with what others have written, when it is here. */
	readonly onApplied: (changes: Changes) => void;
	/** Called, again and again, while it cannot be found out what has become of an entry. */
	readonly onAway: (error: LogAway) => void;
	/** Nobody waits any more for what cannot be found out. */
	readonly stopping: AbortSignal;
}

/** Until it is tried again to find out what has become of an entry, or to take it over. */
const AGAIN_MS = 250;

export class SharedCopy {
	readonly #options: SharedCopyOptions;

	constructor(options: SharedCopyOptions) {
		this.#options = options;
	}

	/** The newest entry that is here. */
	get place(): {readonly number: number; readonly id: string} {
		const row = this.#options.database.prepare('SELECT position, entry FROM shared_copy').get();
		return {number: Number(row?.position ?? 0), id: String(row?.entry ?? '')};
	}

	/**
	Those of them that nothing speaks against are one entry.

	@returns What has become of each, in their order.
	@throws {LogAway} @throws {LogFault} @throws {Error} Of SQLite. Nothing of any of them is written.
	@throws {UnknownOutcome} They may be written or not.
	*/
	async write(commits: readonly Changes[]): Promise<readonly Outcome[]> {
		const {database, log} = this.#options;
		let news: readonly LogEntry[];
		let outcomes: readonly Outcome[];
		let entry: LogEntry | null;
		try {
			news = await this.#beginBehindAll();
			database.exec('BEGIN IMMEDIATE');
			this.#apply(news);
			({outcomes, entry} = this.#perform(commits));
			if (entry !== null) await log.append(entry);
		} catch (error) {
			if (database.isTransaction) database.exec('ROLLBACK');
			await log.rollback().catch(() => {});
			throw error;
		}
		if (entry === null) {
			await log.rollback().catch(() => {});
			database.exec('COMMIT');
			this.#tell(news);
			return outcomes;
		}
		try {
			await log.commit();
		} catch {
			database.exec('ROLLBACK');
			const lost = new LogAway('the connection was lost while it was written, and it is not there');
			return (await this.#isThere(entry)) ? outcomes : outcomes.map(outcome => outcome ?? lost);
		}
		try {
			database.exec('COMMIT');
			this.#tell(news);
		} catch {
			// It is in the log, so it is only late here.
			if (database.isTransaction) database.exec('ROLLBACK');
			await this.#isThere(entry);
		}
		return outcomes;
	}

	/** Takes over what is new. @throws {LogAway} @throws {LogFault} */
	async catchUp(): Promise<void> {
		while ((await this.#takeOver((await this.#options.log.read(this.place.number)).entries)).length > 0);
	}

	/** In a transaction of the log: there may be more than come at once. */
	async #beginBehindAll(): Promise<readonly LogEntry[]> {
		const {log} = this.#options;
		for (;;) {
			const {number, id} = this.place;
			const {entries, isAll} = await log.begin(number);
			const news = behind(entries, number, id);
			if (isAll) return news;
			await log.rollback();
			await this.catchUp();
		}
	}

	async #takeOver(found: readonly LogEntry[], own?: string): Promise<readonly LogEntry[]> {
		const {number, id} = this.place;
		const news = behind(found, number, id);
		if (news.length === 0) return news;
		const {database} = this.#options;
		database.exec('BEGIN IMMEDIATE');
		try {
			this.#apply(news);
			database.exec('COMMIT');
		} catch (error) {
			if (database.isTransaction) database.exec('ROLLBACK');
			throw error;
		}
		this.#tell(news.filter(entry => entry.id !== own));
		return news;
	}

	#apply(entries: readonly LogEntry[]): void {
		for (const {number, id, changes, changedRows} of entries) {
			let changed: number | string;
			try {
				changed = this.#options.writer.perform(changes);
			} catch (error) {
				if (!this.#options.database.isTransaction) throw error;
				changed = error instanceof Error ? error.message : String(error);
			}
			if (changed !== changedRows)
				throw new LogFault(
					`entry ${number} changed ${changedRows} rows where it was written, and here: ${changed}. This copy is not what the log makes of it: stop this instance, put its ledger aside, and start it again`,
				);
			this.#setPlace(number, id);
		}
	}

	#perform(commits: readonly Changes[]): {readonly outcomes: readonly Outcome[]; readonly entry: LogEntry | null} {
		const {database, writer} = this.#options;
		const outcomes: Outcome[] = [];
		const accepted: NamedChange[] = [];
		let changedRows = 0;
		for (const changes of commits) {
			database.exec('SAVEPOINT one');
			try {
				changedRows += writer.perform(changes);
				accepted.push(...changes);
				outcomes.push(null);
			} catch (error) {
				// The disk is full, or worse: then SQLite has given up all of it.
				if (!database.isTransaction) throw error;
				database.exec('ROLLBACK TO one');
				outcomes.push(error instanceof Error ? error : new Error(String(error)));
			}
			database.exec('RELEASE one');
		}
		if (accepted.length === 0) return {outcomes, entry: null};
		const entry = {number: this.place.number + 1, id: randomUUID(), changes: accepted, changedRows};
		this.#setPlace(entry.number, entry.id);
		return {outcomes, entry};
	}

	/** Whether an entry is in the log, which is found out behind all who write: also behind oneself, whose connection may live on there. */
	async #isThere({id}: LogEntry): Promise<boolean> {
		const {log, stopping, onAway} = this.#options;
		for (let isFound = false; ; ) {
			try {
				const {number} = this.place;
				const news = await this.#takeOver((await log.begin(number)).entries, id);
				await log.rollback();
				isFound ||= news.some(entry => entry.id === id);
				if (isFound || news.length === 0) return isFound;
			} catch (error) {
				await log.rollback().catch(() => {});
				if (error instanceof LogFault) throw error;
				if (stopping.aborted)
					throw new UnknownOutcome(
						'Whether it was written is not known: the server ends before its metadata can be reached again',
					);
				if (error instanceof LogAway) onAway(error);
				await wait(AGAIN_MS);
			}
		}
	}

	#setPlace(number: number, id: string): void {
		this.#options.database.prepare('UPDATE shared_copy SET position = ?, entry = ?').run(number, id);
	}

	#tell(entries: readonly LogEntry[]): void {
		for (const {changes} of entries) this.#options.onApplied(changes);
	}
}

/** @throws {LogFault} Where the log does not go on from this entry. */
function behind(found: readonly LogEntry[], number: number, id: string): readonly LogEntry[] {
	if (number === 0) return assertFollowing(found, 0);
	const [known, ...news] = found;
	if (known === undefined)
		throw new LogFault(
			`this copy has entry ${number}, and the log has not: it was set back to an earlier state. Restore the newest state of that database; else stop all instances, put their ledgers aside, and start them again: what came after that state is lost`,
		);
	if (known.number !== number)
		throw new LogFault(
			`this copy is at entry ${number}, and the log begins at ${known.number} by now: start this instance again, and it takes a newer copy`,
		);
	if (known.id !== id)
		throw new LogFault(
			`entry ${number} of the log is another one than here: it was set back to an earlier state and has gone on from there. Stop this instance, put its ledger aside, and start it again`,
		);
	return assertFollowing(news, number);
}

function assertFollowing(entries: readonly LogEntry[], number: number): readonly LogEntry[] {
	const gap = entries.findIndex((entry, index) => entry.number !== number + index + 1);
	if (gap === -1) return entries;
	throw new LogFault(
		`entry ${number + gap + 1} is missing in the log, which goes on with ${entries[gap]?.number}: start this instance again, and it takes a newer copy`,
	);
}
