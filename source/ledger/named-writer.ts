import type {DatabaseSync, SQLInputValue, StatementSync} from 'node:sqlite';
import {UnexpectedRows} from './commit-thread.ts';

/** A change is a statement by its name, with values. */
export interface NamedChange<Name extends string = string> {
	readonly statement: Name;
	readonly values: readonly SQLInputValue[];
	/** How many rows it must change; else nothing of its commit is written. Left out: any number. */
	readonly rows?: number;
}

export class NamedWriter {
	readonly #database: DatabaseSync;
	readonly #sql: Readonly<Record<string, string>>;
	readonly #prepared = new Map<string, StatementSync>();

	constructor(database: DatabaseSync, statements: Readonly<Record<string, string>>) {
		this.#database = database;
		this.#sql = statements;
	}

	/** All of them in one transaction. */
	write(changes: readonly NamedChange[]): void {
		this.#database.exec('BEGIN IMMEDIATE');
		try {
			this.perform(changes);
			this.#database.exec('COMMIT');
		} catch (error) {
			if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
			throw error;
		}
	}

	/**
	In the transaction of the caller.

	@returns How many rows they have changed.
	*/
	perform(changes: readonly NamedChange[]): number {
		let sum = 0;
		for (const {statement, values, rows} of changes) {
			const changed = Number(this.#prepare(statement).run(...values).changes);
			if (rows !== undefined && changed !== rows)
				throw new UnexpectedRows(`Expected ${statement} to change ${rows} rows, but it changed ${changed}`);
			sum += changed;
		}
		return sum;
	}

	#prepare(name: string): StatementSync {
		const known = this.#prepared.get(name);
		if (known !== undefined) return known;
		const sql = this.#sql[name];
		if (sql === undefined) throw new Error(`There is no statement ${name}`);
		const statement = this.#database.prepare(sql);
		this.#prepared.set(name, statement);
		return statement;
	}
}
