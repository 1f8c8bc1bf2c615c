// Corrected rejects: a file that has the rejected records of another one, put right, is linked to that one, so that what it adds is counted with it.
import {CsvError, parse} from 'csv-parse/sync';
import {startOfFile} from '../engine/shared/start-of-file.ts';
import type {Row, ServerLedger} from '../ledger/server-ledger.ts';
import {unguardFormula} from '../text/formula-guard.ts';
import {rejectsDelimiter} from '../text/rejects-heading.ts';
import {notFound} from './problem.ts';

/** The heading, and the first record with more than any name of a file. */
const START_BYTES = 64 * 1024;

/** The file that the first record of a file of rejected records is of; `null`: it is no such file, or has none. */
export async function originalOf(path: string): Promise<string | null> {
	const start = await startOfFile(path, START_BYTES);
	try {
		const delimiter = rejectsDelimiter(start);
		if (delimiter === null) return null;
		const options = {delimiter, bom: true, to: 2, relax_column_count: true, relax_quotes: true} as const;
		const rows = parse(start, options) as readonly (readonly string[])[];
		const [name = ''] = rows[1] ?? [];
		return name === '' ? null : unguardFormula(name);
	} catch (error) {
		// What is wrong with it is told by its task.
		if (!(error instanceof CsvError)) throw error;
		return null;
	}
}

/**
The file of an account whose rejected records these are: that of the newest result with such a name. A member of an archive is in the archive.

@returns Its id, or that of the file that it is a correction of itself; `null`: there is none.
*/
export function findOriginal(ledger: ServerLedger, account: string, name: string): string | null {
	for (const each of new Set([name, name.split('!')[0] ?? name])) {
		const row = ledger.get(
			`SELECT coalesce(datasets.corrects, datasets.id) AS id FROM tasks JOIN datasets ON datasets.number = tasks.dataset
			WHERE tasks.account = ? AND datasets.name = ? AND rejected_rows > 0 ORDER BY tasks.number DESC LIMIT 1`,
			...[account, each],
		);
		if (row !== undefined) return String(row.id);
	}
	return null;
}

/** The same of a file that is named by its id, also where its content has expired. @throws {Problem} 404, also where it belongs to somebody else. */
export function assertOriginal(ledger: ServerLedger, account: string, id: string): string {
	const row = ledger.get(
		'SELECT coalesce(corrects, id) AS id FROM datasets WHERE id = ? AND account = ?',
		...[id, account],
	);
	if (row === undefined) throw notFound('file');
	return String(row.id);
}

/** A file with corrections of another one. */
export interface Correction {
	readonly id: string;
	readonly name: string;
	/** Of its newest task that has ended; `null`: there is none. */
	readonly task: string | null;
	readonly rows: number | null;
	readonly rejectedRows: number | null;
}

/** In the order in which they came. */
export function correctionsOf(ledger: ServerLedger, dataset: string): readonly Correction[] {
	return ledger
		.all(
			`SELECT datasets.id, name, tasks.id AS task, rows, rejected_rows FROM datasets
			LEFT JOIN tasks ON tasks.number = (
				SELECT max(number) FROM tasks WHERE tasks.dataset = datasets.number AND tasks.state = 'COMPLETED')
			WHERE corrects = ? ORDER BY datasets.number`,
			dataset,
		)
		.map(toCorrection);
}

const toCorrection = ({id, name, task, rows, rejected_rows}: Row): Correction => ({
	...{id: String(id), name: String(name), task: task as string | null},
	...{rows: rows as number | null, rejectedRows: rejected_rows as number | null},
});

interface Counted {
	readonly rows: number | null;
	readonly rejectedRows: number | null;
}

/** As programs are told of them: with what the file and its corrections come to together. */
export function describeCorrections(corrections: readonly Correction[], {rows, rejectedRows}: Counted) {
	const sum = (of: (each: Correction) => number | null, first: number): number =>
		corrections.reduce((total, each) => total + (of(each) ?? 0), first);
	return {
		corrections: corrections.map(({id, name, task, ...counts}) => ({
			...{file_id: id, name, task_execution_id: task, rows: counts.rows, rejected_rows: counts.rejectedRows},
		})),
		with_corrections:
			rows === null || corrections.length === 0
				? null
				: {rows: sum(each => each.rows, rows), rejected_rows: sum(each => each.rejectedRows, rejectedRows ?? 0)},
	};
}
