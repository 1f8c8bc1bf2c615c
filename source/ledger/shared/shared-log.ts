// What several instances of a server write to: entries in one order, each the changes of a transaction. A ledger of any of them is what comes of them
// from the first one on.
import type {NamedChange} from '../named-writer.ts';

export interface LogEntry {
	/** From 1 on, without gaps. */
	readonly number: number;
	/** Its own, by which who has written it finds out whether it is there. */
	readonly id: string;
	readonly changes: readonly NamedChange[];
	/** What they came to where they were written; elsewhere they must come to the same. */
	readonly changedRows: number;
}

export interface FoundEntries {
	/** That of the number that was asked for, where there is one, without its changes; and those behind it: one at least, not all where they are many or large. */
	readonly entries: readonly LogEntry[];
	/** Whether there is none behind these. */
	readonly isAll: boolean;
}

export interface SharedLog {
	/**
	Begins a transaction; until its end nobody else writes.

	@throws {LogAway} @throws {LogFault}
	*/
	readonly begin: (from: number) => Promise<FoundEntries>;
	/** Within a transaction. */
	readonly append: (entry: LogEntry) => Promise<void>;
	/** @throws {LogAway} Whether it was written is not known then. */
	readonly commit: () => Promise<void>;
	readonly rollback: () => Promise<void>;
	/** The same as `begin` has, without a transaction. */
	readonly read: (from: number) => Promise<FoundEntries>;
}

/** The log cannot be reached, which may pass. */
export class LogAway extends Error {
	override readonly name = 'LogAway';
}

/** Whether something was written will not be found out any more by this process. */
export class UnknownOutcome extends Error {
	override readonly name = 'UnknownOutcome';
}

/** The log is not the one that a ledger is a copy of, or not as far as it was: nothing is written until somebody sees to it. */
export class LogFault extends Error {
	override readonly name = 'LogFault';
}
