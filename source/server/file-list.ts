// The files of a user, each with what was made of it last: those that a line of terms asks for, as in the filter of the dashboard.
import type {Row, ServerLedger} from '../ledger/server-ledger.ts';

import type {ErrorReport} from '../model/report.ts';
import {type Filter, matchesFilter} from '../store/filter.ts';
import {type Correction, correctionsOf} from './corrections.ts';
import {findPage} from './filtered-page.ts';
import {asFiltered} from './filtered-task.ts';
import {notFound} from './problem.ts';

import type {TaskState} from './task.ts';
import type {Owner} from './whose.ts';

export interface ListedFile {
	readonly number: number;
	readonly id: string;
	readonly name: string;
	/** The id of the account that it is of, and its name; `null`: it has none, or is gone. */
	readonly account: string;
	readonly owner: string | null;
	/** See `Dataset`. */
	readonly relativePath: string | null;
	readonly corrects: string | null;
	/** Files with its rejected records, corrected. */
	readonly corrections: readonly Correction[];
	readonly bytes: number;
	readonly sha256: string;
	/** How it came: `api`, `tus` and so on. */
	readonly source: string;
	/** Times are milliseconds since 1970. */
	readonly receivedAt: number;
	/** See `Dataset`. */
	readonly isScanning: boolean;
	/** `null`: it is kept. */
	readonly expiresAt: number | null;
	/** The newest one; `null`: nobody has asked for any. */
	readonly task: TaskOfFile | null;
}

export interface TaskOfFile {
	readonly id: string;
	/** As it was asked for. */
	readonly task: string;
	readonly state: TaskState;
	readonly isPaused: boolean;
	readonly attempts: number;
	readonly startedAt: number | null;
	readonly endedAt: number | null;
	readonly rows: number | null;
	readonly rejectedRows: number | null;
	readonly error: ErrorReport | null;
}

const filesOf = (owner: Owner): string => `SELECT datasets.number, datasets.id, datasets.account,
	(SELECT name FROM accounts WHERE accounts.id = datasets.account) AS owner, datasets.name, relative_path, corrects, datasets.bytes,
	EXISTS (SELECT 1 FROM datasets AS others WHERE others.corrects = datasets.id) AS has_corrections, sha256, source, received_at, expires_at, scan,
	tasks.id AS task_id, task, tasks.state, is_paused, attempts, started_at, ended_at, rows, rejected_rows, error
	FROM datasets LEFT JOIN tasks ON tasks.number = (SELECT max(number) FROM tasks WHERE tasks.dataset = datasets.number)
	WHERE ${owner === null ? '? IS NULL' : 'datasets.account = ?'} AND datasets.state = 'stored' AND (expires_at IS NULL OR expires_at > ?)`;

export interface FilePage {
	readonly files: readonly ListedFile[];
	readonly next: number | null;
}

export class FileList {
	readonly #ledger: ServerLedger;

	constructor(ledger: ServerLedger) {
		this.#ledger = ledger;
	}

	/**
	In the order in which they came. Others have their turn between some files and the next ones: of each, a report may have to be unpacked.

	@param after - The number of the last one before; `null` for the first page.
	@returns Also after which one the next page begins; `null`: there is none. A page may have fewer files than its limit, and another one behind it.
	*/
	async list(owner: Owner, filter: Filter, after: number | null, limit: number): Promise<FilePage> {
		const read = (last: number, count: number): readonly ListedFile[] =>
			this.#ledger
				.all(
					`${filesOf(owner)} AND datasets.number > ? ORDER BY datasets.number LIMIT ${count}`,
					...[owner, Date.now(), last],
				)
				.map(row => toFile(this.#ledger, row));
		const {items, next} = await findPage(read, file => matchesFilter(filter, asFiltered(this.#ledger, file)), {
			after: after ?? 0,
			limit,
		});
		return {files: items, next};
	}

	/** @throws {Problem} 404, also where it belongs to somebody else. */
	find(owner: Owner, id: string): ListedFile {
		const row = this.#ledger.get(`${filesOf(owner)} AND datasets.id = ?`, owner, Date.now(), id);
		if (row === undefined) throw notFound('file');
		return toFile(this.#ledger, row);
	}
}

function toFile(ledger: ServerLedger, row: Row): ListedFile {
	const task = row.task_id === null ? null : toTask(row);
	return {
		...{number: Number(row.number), id: String(row.id), name: String(row.name), bytes: Number(row.bytes), task},
		...{account: String(row.account), owner: row.owner as string | null},
		relativePath: row.relative_path as string | null,
		corrects: row.corrects as string | null,
		corrections: row.has_corrections === 1 ? correctionsOf(ledger, String(row.id)) : [],
		...{sha256: Buffer.from(row.sha256 as Uint8Array).toString('hex'), source: String(row.source)},
		isScanning: row.scan === 'waiting',
		...{receivedAt: Number(row.received_at), expiresAt: row.expires_at as number | null},
	};
}

function toTask({
	task_id,
	task,
	state,
	is_paused,
	attempts,
	started_at,
	ended_at,
	rows,
	rejected_rows,
	error,
}: Row): TaskOfFile {
	return {
		...{id: String(task_id), task: String(task), state: state as TaskState, attempts: Number(attempts)},
		isPaused: is_paused === 1,
		...{startedAt: started_at as number | null, endedAt: ended_at as number | null},
		...{rows: rows as number | null, rejectedRows: rejected_rows as number | null},
		error: error === null ? null : (JSON.parse(String(error)) as ErrorReport),
	};
}
