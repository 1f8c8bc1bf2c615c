// Reads a ledger: which runs it has, and what each of them came to.
import type {DatabaseSync} from 'node:sqlite';
import {zstdDecompressSync} from 'node:zlib';
import type {RunCompleted, RunEvent, RunStarted} from '../model/events.ts';
import type {LedgerRun, LedgerRunStatus} from '../model/past-runs.ts';
import type {FinalFileStatus, ReportSoFar, RunTotals} from '../model/report.ts';
import {toSeconds} from '../model/totals.ts';
import {createReportCollector} from '../report/collect-report.ts';
import {FILE_HASH} from './content-key.ts';
import {findEarlierRun, type RunPlace, readPlace} from './earlier-run.ts';
import {LedgerError} from './ledger-error.ts';
import {explained, explainedEach, openToRead} from './open-database.ts';
import {isProcessThere} from './process-name.ts';
import {findRunIds} from './run-ids.ts';
import {parseSearch} from './search.ts';

export type {LedgerRun, LedgerRunStatus} from '../model/past-runs.ts';
export type {RunPlace} from './earlier-run.ts';

export interface SearchOptions {
	/**
	Terms as in the dashboard's filter, and `since:2026-11-01`, `until:2026-11-30`. One file must fit all terms of files; `rows`, `rejected` and
	`size` are those of the run.
	*/
	readonly search?: string;
	/** At most so many runs; without it, all. */
	readonly limit?: number;
}

export interface Ledger {
	/**
	Runs, newest first.

	@throws {LedgerError} When the search cannot be understood, or the file cannot be read.
	*/
	readonly runs: (options?: SearchOptions) => LedgerRun[];
	/** The ids of runs that begin so, the newest first; of `last` the newest one. */
	readonly idsOf: (beginning: string) => string[];
	/** One run; `null`: there is no such run. */
	readonly run: (id: string) => LedgerRun | null;
	/**
	The report of a run, as it was; of a run without an end, the files that had ended. `null`: there is no such run.

	@throws {LedgerError} When the file cannot be read.
	*/
	readonly report: (id: string) => ReportSoFar | null;
	/** The first and the last event of a run; `null` where it has none, or has not ended. */
	readonly outline: (id: string) => RunOutline;
	/** Which files a run was of; `null`: there is no such run. */
	readonly place: (id: string) => RunPlace | null;
	/** The id of the newest completed run that started before another one, and was of the same paths; `null`: there is none. */
	readonly earlierRun: (run: RunPlace) => string | null;
	/** How the files of a run were read: the settings of its batch, as JSON. */
	readonly settings: (id: string) => string;
	/** Names what of them figures depend on. */
	readonly reading: (id: string) => string;
	/**
	What happened in a run, for outputs that show it again; nothing for a run that is not there. They are read as they are asked for.

	@throws {LedgerError} On the way, when the file cannot be read.
	*/
	readonly events: (id: string) => Generator<RunEvent, void, undefined>;
	/**
	The files of runs, of the newest run first. They are read as they are asked for.

	@param id - Of one run; all of them without it.
	@throws {LedgerError} On the way: with the first one when there is no such run, with any when the file cannot be read.
	*/
	readonly files: (id?: string) => Iterable<LedgerFile>;
	readonly close: () => void;
}

export interface RunOutline {
	readonly started: RunStarted | null;
	readonly ended: RunCompleted | null;
}

/** A file of a run. */
export interface LedgerFile {
	readonly run: string;
	/** The working folder of the run, which `file` starts from. */
	readonly folder: string;
	/** The name in the report. */
	readonly file: string;
	readonly status: FinalFileStatus;
	readonly bytes: number;
	/** As in `FileReport`; `null` where there is none. */
	readonly content_hash: string | null;
}

/**
Opens a ledger to read it.

@throws {LedgerError} When it cannot be read: a sentence with its path, and what to do.
@example
const ledger = openLedger('ledger.db');
for (const run of ledger.runs({search: 'status:failed', limit: 10})) console.log(run.id, run.totals.rows);
*/
export function openLedger(path: string): Ledger {
	const database = openToRead(path);
	database.function('is_process_there', process => Number(isProcessThere(String(process))));
	database.function('lower_case', {deterministic: true}, text =>
		typeof text === 'string' ? text.toLowerCase() : null,
	);
	return {
		runs: options => explained(path, () => findRuns(database, options)),
		idsOf: beginning => explained(path, () => findRunIds(database, beginning)),
		run: id => explained(path, () => readRun(database, id)),
		report: id => explained(path, () => readReport(database, id)),
		events: id => explainedEach(path, readEvents(database, id)),
		files: id => explainedEach(path, listFiles(database, id)),
		outline: id => explained(path, () => readOutline(database, id)),
		place: id => explained(path, () => readPlace(database, id)),
		earlierRun: run => explained(path, () => findEarlierRun(database, run)),
		settings: id => explained(path, () => readSettings(database, id).settings),
		reading: id => explained(path, () => readSettings(database, id).reading),
		close: () => database.close(),
	};
}

interface RunRow {
	readonly number: number;
	readonly id: string;
	readonly started_at: number;
	readonly ended_at: number | null;
	readonly status: 'running' | 'completed' | 'cancelled';
	readonly folder: string;
	readonly paths: string;
	readonly totals: string | null;
	readonly process: string;
}

function findRuns(database: DatabaseSync, {search = '', limit}: SearchOptions = {}): LedgerRun[] {
	const parsed = parseSearch(search);
	if (!parsed.ok) throw new LedgerError(`The search cannot be understood: ${parsed.message}.`);
	const {sql, values} = parsed.condition;
	const rows = database
		.prepare(`SELECT * FROM runs WHERE ${sql} ORDER BY started_at DESC, number DESC LIMIT ?`)
		.all(...values, limit ?? -1);
	return (rows as unknown as RunRow[]).map(row => toLedgerRun(database, row));
}

function toLedgerRun(database: DatabaseSync, row: RunRow): LedgerRun {
	const totals = row.totals === null ? totalsSoFar(database, row) : (JSON.parse(row.totals) as RunTotals);
	return {
		id: row.id,
		started_at: new Date(row.started_at).toISOString(),
		folder: row.folder,
		paths: JSON.parse(row.paths) as string[],
		status: statusOf(row),
		totals,
		elapsed: totals.processing_time,
	};
}

function readRun(database: DatabaseSync, id: string): LedgerRun | null {
	const row = findRun(database, id);
	return row === null ? null : toLedgerRun(database, row);
}

const statusOf = ({status, process}: RunRow): LedgerRunStatus =>
	status === 'running' && !isProcessThere(process) ? 'interrupted' : status;

function totalsSoFar(database: DatabaseSync, {number}: RunRow): RunTotals {
	const sums = database
		.prepare(
			`SELECT count(*) AS files, total(status = 'completed') AS completed, total(status = 'failed') AS failed,
			total(status = 'cancelled') AS cancelled, total(status = 'skipped') AS skipped,
			total(bytes) AS bytes, total(rows) AS rows, total(rejected_rows) AS rejected_rows FROM files WHERE run = ?`,
		)
		.get(number) as unknown as Omit<RunTotals, 'processing_time'>;
	const last = lastEventOf(database, number);
	return {...sums, processing_time: toSeconds(last?.elapsedMs ?? 0)};
}

function readReport(database: DatabaseSync, id: string): ReportSoFar | null {
	const row = findRun(database, id);
	if (row === null) return null;
	const collector = createReportCollector();
	for (const event of eventsOf(database, row.number)) collector.handle(event);
	const status = statusOf(row);
	return {...collector.reportSoFar(), status};
}

const findRun = (database: DatabaseSync, id: string): RunRow | null =>
	(database.prepare('SELECT * FROM runs WHERE id = ?').get(id) as unknown as RunRow | undefined) ?? null;

function* readEvents(database: DatabaseSync, id: string): Generator<RunEvent, void, undefined> {
	const row = findRun(database, id);
	if (row !== null) yield* eventsOf(database, row.number);
}

function* eventsOf(database: DatabaseSync, run: number): Generator<RunEvent, void, undefined> {
	for (const {lines} of database.prepare('SELECT lines FROM events WHERE run = ? ORDER BY number').iterate(run)) {
		yield* parseEvents(lines);
	}
}

function readOutline(database: DatabaseSync, id: string): RunOutline {
	const row = findRun(database, id);
	if (row === null) return {started: null, ended: null};
	const [first] = eventsOf(database, row.number);
	const last = lastEventOf(database, row.number);
	return {
		started: first?.type === 'run-started' ? first : null,
		ended: last?.type === 'run-completed' ? last : null,
	};
}

function lastEventOf(database: DatabaseSync, run: number): RunEvent | undefined {
	const row = database.prepare('SELECT lines FROM events WHERE run = ? ORDER BY number DESC LIMIT 1').get(run);
	return row === undefined ? undefined : Array.from(parseEvents(row.lines)).at(-1);
}

/** A segment has whole lines only. */
function* parseEvents(lines: unknown): Generator<RunEvent, void, undefined> {
	if (!(lines instanceof Uint8Array)) throw new Error('Expected the events of a run as bytes');
	for (const line of zstdDecompressSync(lines).toString().split('\n')) {
		if (line !== '') yield JSON.parse(line) as RunEvent;
	}
}

function* listFiles(database: DatabaseSync, id?: string): Generator<LedgerFile, void, undefined> {
	if (id !== undefined && findRun(database, id) === null) throw noSuchRun(id);
	const rows = database
		.prepare(
			`SELECT runs.id AS run, runs.folder, files.file, files.status, files.bytes, ${FILE_HASH} AS content_hash
			FROM runs JOIN files ON files.run = runs.number WHERE runs.id = ?1 OR ?1 IS NULL
			ORDER BY runs.started_at DESC, runs.number DESC, files.position`,
		)
		.iterate(id ?? null);
	yield* rows as unknown as Iterable<LedgerFile>;
}

function readSettings(database: DatabaseSync, id: string): {readonly settings: string; readonly reading: string} {
	const row = database.prepare('SELECT settings, reading FROM runs WHERE id = ?').get(id);
	if (row === undefined) throw noSuchRun(id);
	return {settings: String(row.settings), reading: String(row.reading)};
}

const noSuchRun = (id: string): LedgerError => new LedgerError(`There is no run ${id} in the ledger.`);
