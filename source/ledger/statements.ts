// Statements of a database by their text, each prepared once.
import type {DatabaseSync, StatementSync} from 'node:sqlite';

export type Value = string | number | Uint8Array | null;

export class Statements {
	readonly #database: DatabaseSync;
	readonly #prepared = new Map<string, StatementSync>();

	constructor(database: DatabaseSync) {
		this.#database = database;
	}

	/** @returns How many rows it has changed. */
	run(sql: string, ...values: readonly Value[]): number {
		return Number(this.#prepare(sql).run(...values).changes);
	}

	/** The first row. */
	get(sql: string, ...values: readonly Value[]): Record<string, unknown> | undefined {
		return this.#prepare(sql).get(...values);
	}

	all(sql: string, ...values: readonly Value[]): Record<string, unknown>[] {
		return this.#prepare(sql).all(...values);
	}

	#prepare(sql: string): StatementSync {
		const known = this.#prepared.get(sql);
		if (known !== undefined) return known;
		const prepared = this.#database.prepare(sql);
		this.#prepared.set(sql, prepared);
		return prepared;
	}
}
