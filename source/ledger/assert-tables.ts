// Whether a ledger has the tables that this program expects of its version.
import type {DatabaseSync} from 'node:sqlite';
import {MIGRATIONS} from './schema.ts';
import {loadSqlite} from './sqlite.ts';

const COLUMNS = `SELECT tables.name || '.' || columns.name AS name
	FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'`;

/** @throws {Error} Where it was made before its version was finished. */
export function assertTables(database: DatabaseSync): void {
	const {DatabaseSync} = loadSqlite();
	const reference = new DatabaseSync(':memory:');
	try {
		for (const step of MIGRATIONS) reference.exec(step);
		const found = namesIn(database);
		const missing = [...namesIn(reference)].find(name => !found.has(name));
		if (missing !== undefined)
			throw new Error(
				`it was made by an unfinished version of this program, and has no ${missing}: begin with another folder, or move it out of the way`,
			);
	} finally {
		reference.close();
	}
}

const namesIn = (database: DatabaseSync): Set<string> =>
	new Set(
		database
			.prepare(COLUMNS)
			.all()
			.map(({name}) => String(name)),
	);
