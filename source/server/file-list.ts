// The files of a user, each with what was made of it last: those that a line of terms asks for, as in the filter of the dashboard.
import {setImmediate as nextTurn} from 'node:timers/promises';
import {zstdDecompressSync} from 'node:zlib';
import type {Row, ServerLedger} from '../ledger/server-ledger.ts';
import type {ErrorReport, FileReport} from '../model/report.ts';
import {type Filter, type FilteredFile, matchesFilter, parseFilter} from '../store/filter.ts';
import type {User} from './accounts.ts';
import {notFound, problem} from './problem.ts';
import type {TaskState} from './task.ts';

export interface ListedFile {
	readonly number: number;
	readonly id: string;
	readonly name: string;
	/** See `Dataset`. */
	readonly relativePath: string | null;
	readonly bytes: number;
	readonly sha256: string;
	/** How it came: `api`, `tus` and so on. */
	readonly source: string;
	/** Times are milliseconds since 1970. */
	readonly receivedAt: number;
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
	readonly attempts: number;
	readonly startedAt: number | null;
	readonly endedAt: number | null;
	readonly rows: number | null;
	readonly rejectedRows: number | null;
	readonly error: ErrorReport | null;
}

const FILES = `SELECT datasets.number, datasets.id, datasets.name, relative_path, datasets.bytes, sha256, source, received_at, expires_at,
	tasks.id AS task_id, task, tasks.state, attempts, started_at, ended_at, rows, rejected_rows, error
	FROM datasets LEFT JOIN tasks ON tasks.number = (SELECT max(number) FROM tasks WHERE tasks.dataset = datasets.number)
	WHERE datasets.account = ? AND datasets.state = 'stored' AND (expires_at IS NULL OR expires_at > ?)`;
/** Files of one turn: to unpack and parse the report of each takes a tenth of a millisecond and more. */
const READ_AT_A_TIME = 50;
/** Most may be filtered out: then a page is what of so many is left. */
const LOOKED_AT_FOR_A_PAGE = 5000;

export interface FilePage {
	readonly files: readonly ListedFile[];
	readonly next: number | null;
}

const STATUSES = {
	QUEUED: 'queued',
	PROCESSING: 'running',
	COMPLETED: 'completed',
	FAILED: 'failed',
	CANCELLED: 'cancelled',
} as const satisfies Record<TaskState, FilteredFile['status']>;

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
	async list(user: User, filter: Filter, after: number | null, limit: number): Promise<FilePage> {
		const files: ListedFile[] = [];
		let last = after ?? 0;
		for (let looked = 0; looked < LOOKED_AT_FOR_A_PAGE; looked += READ_AT_A_TIME) {
			const rows = this.#ledger.all(
				`${FILES} AND datasets.number > ? ORDER BY datasets.number LIMIT ${READ_AT_A_TIME}`,
				...[user.id, Date.now(), last],
			);
			for (const file of rows.map(toFile)) {
				if (matchesFilter(filter, this.#asFiltered(file))) {
					// There is one more than there is room for.
					if (files.length === limit) return {files, next: last};
					files.push(file);
				}
				last = file.number;
			}
			if (rows.length < READ_AT_A_TIME) return {files, next: null};
			await nextTurn();
		}
		return {files, next: last};
	}

	/** @throws {Problem} 404, also where it belongs to somebody else. */
	find(user: User, id: string): ListedFile {
		const row = this.#ledger.get(`${FILES} AND datasets.id = ?`, user.id, Date.now(), id);
		if (row === undefined) throw notFound('file');
		return toFile(row);
	}

	#asFiltered({name, bytes, task}: ListedFile): FilteredFile {
		const ledger = this.#ledger;
		let known: FileReport | null | undefined;
		return {
			...{file: name, status: task === null ? null : STATUSES[task.state], isPaused: false, bytesTotal: bytes},
			...{rows: task?.rows ?? 0, rejectedRows: task?.rejectedRows ?? 0, attempt: task?.attempts ?? 0},
			/** Read only where a term is about it. */
			get report(): FileReport | null {
				if (known !== undefined) return known;
				const report = task && ledger.get('SELECT report FROM tasks WHERE id = ?', task.id)?.report;
				known = report instanceof Uint8Array ? (JSON.parse(zstdDecompressSync(report).toString()) as FileReport) : null;
				return known;
			},
		};
	}
}

/** @throws {Problem} Where it is none. */
export function readFilter(text: string): Filter {
	const parsed = parseFilter(text);
	if (!parsed.ok) throw problem('BAD_FILTER', `${parsed.message}.`);
	return parsed.filter;
}

function toFile(row: Row): ListedFile {
	const task = row.task_id === null ? null : toTask(row);
	return {
		...{number: Number(row.number), id: String(row.id), name: String(row.name), bytes: Number(row.bytes), task},
		relativePath: row.relative_path as string | null,
		...{sha256: Buffer.from(row.sha256 as Uint8Array).toString('hex'), source: String(row.source)},
		...{receivedAt: Number(row.received_at), expiresAt: row.expires_at as number | null},
	};
}

function toTask({task_id, task, state, attempts, started_at, ended_at, rows, rejected_rows, error}: Row): TaskOfFile {
	return {
		...{id: String(task_id), task: String(task), state: state as TaskState, attempts: Number(attempts)},
		...{startedAt: started_at as number | null, endedAt: ended_at as number | null},
		...{rows: rows as number | null, rejectedRows: rejected_rows as number | null},
		error: error === null ? null : (JSON.parse(String(error)) as ErrorReport),
	};
}
