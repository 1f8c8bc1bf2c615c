// Holds a folder, a report of it and a ledger against each other. It uses nothing of the program: SQL, Zstandard and its own reading of the files,
// which are transactions as `transactions` of command.ts writes them.
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {gunzipSync, zstdDecompressSync} from 'node:zlib';

/** What is used of a report. */
interface ReportToCheck {
	readonly status: string;
	readonly totals: Readonly<Record<string, number>>;
	readonly files: readonly {
		readonly file: string;
		readonly status: string;
		readonly rows: number;
		readonly bytes: number;
		readonly result: {readonly total_amount_exact: string | null} | null;
	}[];
}

interface CheckedFile {
	readonly content: string;
	readonly bytes: number;
	/** `null` for a file that fails. */
	readonly expected: {readonly rows: number; readonly amount: string | null} | null;
}

export interface RunToCheck {
	/** The folder that was read, and where the command ran. */
	readonly folder: string;
	/** Beginnings of names of files that fail. */
	readonly bad: string;
	/** Only records of more than this amount count. */
	readonly above?: number;
	readonly ledger: string;
}

/** @returns What is wrong with a ledger in any state that a kill may leave. */
export function faultsOfLedger(path: string): string[] {
	if (!existsSync(path)) return [];
	const database = new DatabaseSync(path);
	try {
		const all = (sql: string): Readonly<Record<string, unknown>>[] => database.prepare(sql).all();
		const {count} = database.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE name = 'runs'").get() ?? {};
		// It was killed before it had made its tables.
		if (count === 0) return [];
		const faults: string[] = [];
		const integrity = all('PRAGMA integrity_check');
		if (integrity[0]?.integrity_check !== 'ok') faults.push(`integrity: ${JSON.stringify(integrity)}`);
		if (all('PRAGMA foreign_key_check').length > 0) faults.push('rows refer to others that are not there');
		const doubles = all('SELECT count(*) AS n FROM results GROUP BY settings, hash, content, kind HAVING n > 1');
		if (doubles.length > 0) faults.push(`${doubles.length} contents have several results`);
		for (const {number, id} of all('SELECT number, id FROM runs'))
			faults.push(...faultsOfEvents(database, Number(number), String(id)));
		return faults;
	} finally {
		database.close();
	}
}

/** Events are written together with the rows that they tell of: neither is there without the other. */
function faultsOfEvents(database: DatabaseSync, run: number, id: string): string[] {
	const faults: string[] = [];
	const ended = new Map<string, {readonly status: string; readonly rows: number}>();
	let seq = 0;
	for (const {lines} of database.prepare('SELECT lines FROM events WHERE run = ? ORDER BY number').all(run)) {
		for (const line of zstdDecompressSync(lines as Uint8Array)
			.toString()
			.trimEnd()
			.split('\n')) {
			const event = JSON.parse(line) as {
				seq: number;
				type: string;
				file?: string;
				report?: {status: string; rows: number};
			};
			if (event.seq <= seq) faults.push(`run ${id}: event ${event.seq} comes after ${seq}`);
			seq = event.seq;
			if (event.report !== undefined && event.file !== undefined) ended.set(event.file, event.report);
		}
	}
	const files = database.prepare('SELECT file, status, rows FROM files WHERE run = ?').all(run);
	if (files.length !== ended.size) faults.push(`run ${id}: ${files.length} files have rows, ${ended.size} have events`);
	for (const {file, status, rows} of files) {
		const told = ended.get(String(file));
		if (told?.status !== status || told?.rows !== rows)
			faults.push(`run ${id}: ${String(file)} is not what its event says`);
	}
	return faults;
}

/** @returns What is wrong with a run that has come to its end, and with what the ledger has of it. */
export function faultsOfRun(
	{folder, bad, above = Number.NEGATIVE_INFINITY, ledger}: RunToCheck,
	report: unknown,
): string[] {
	const {status, files: reported, totals} = report as ReportToCheck;
	const files = new Map(
		readdirSync(folder)
			.filter(name => /\.csv(\.gz)?$/.test(name))
			.map(name => [`./${name}`, readFile(join(folder, name), name.startsWith(bad), above)]),
	);
	const faults = faultsOfLedger(ledger);
	if (status !== 'completed') faults.push(`the run is ${status}`);
	if (reported.length !== files.size) faults.push(`${reported.length} files are reported, ${files.size} are there`);
	let rows = 0;
	for (const {file, status: ended, rows: told, bytes, result} of reported) {
		const found = files.get(file);
		if (found === undefined) faults.push(`${file} is reported, and is not there`);
		else if (found.expected === null) {
			if (ended !== 'failed') faults.push(`${file} is ${ended}, and should have failed`);
		} else {
			rows += told;
			const {rows: expected, amount} = found.expected;
			const isRight =
				ended === 'completed' &&
				told === expected &&
				bytes === found.bytes &&
				(result?.total_amount_exact ?? null) === amount;
			if (!isRight)
				faults.push(`${file}: ${ended}, ${told} rows, ${result?.total_amount_exact}; expected ${expected}, ${amount}`);
		}
	}
	if (totals.rows !== rows) faults.push(`the totals have ${totals.rows} rows, the files ${rows}`);
	return [...faults, ...faultsOfKept(ledger, folder, files)];
}

function faultsOfKept(ledger: string, folder: string, files: ReadonlyMap<string, CheckedFile>): string[] {
	const database = new DatabaseSync(ledger, {readOnly: true});
	try {
		const faults: string[] = [];
		const good = [...files].filter(([, {expected}]) => expected !== null);
		const [newest] = database.prepare('SELECT number, status FROM runs ORDER BY number DESC LIMIT 1').all();
		if (newest?.status !== 'completed') faults.push(`the newest run of the ledger is ${String(newest?.status)}`);
		const rows = database.prepare('SELECT file FROM files WHERE run = ?').all(Number(newest?.number));
		if (rows.length !== files.size) faults.push(`the ledger has ${rows.length} files of the run`);
		// Packed and plain content are kinds of their own.
		const contents = new Set(good.map(([, {content}]) => content)).size;
		const {results} =
			database
				.prepare('SELECT count(DISTINCT result) AS results FROM sources WHERE run = ?')
				.get(Number(newest?.number)) ?? {};
		const known = database.prepare('SELECT path, identity FROM sources').all();
		const identities = new Map(known.map(({path, identity}) => [Buffer.from(path as Uint8Array).toString(), identity]));
		for (const [file] of good) {
			const path = join(folder, file);
			const {dev, ino, size, mtimeMs, ctimeMs} = statSync(path);
			if (identities.get(path) !== `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`)
				faults.push(`${file} has no result in its state`);
		}
		const {count} = database.prepare('SELECT count(*) AS count FROM results').get() ?? {};
		if (Number(count) < contents) faults.push(`${String(count)} results for ${contents} contents`);
		if (Number(results) > contents) faults.push(`${String(results)} results of the run for ${contents} contents`);
		const {checkpoints} = database.prepare('SELECT count(*) AS checkpoints FROM checkpoints').get() ?? {};
		if (checkpoints !== 0) faults.push(`${String(checkpoints)} checkpoints of files that have ended`);
		return faults;
	} finally {
		database.close();
	}
}

function readFile(path: string, isBad: boolean, above: number): CheckedFile {
	const data = readFileSync(path);
	const content = createHash('sha256').update(data).digest('hex');
	if (isBad) return {content, bytes: data.length, expected: null};
	const text = (path.endsWith('.gz') ? gunzipSync(data) : data).toString('latin1');
	let [rows, accepted, cents] = [0, 0, 0];
	for (const line of text.split('\n').slice(1)) {
		if (line === '') continue;
		const amount = Number(line.split(',')[2]) * 100;
		rows++;
		if (amount <= above * 100) continue;
		accepted++;
		cents += amount;
	}
	return {content, bytes: data.length, expected: {rows, amount: accepted === 0 ? null : (cents / 100).toFixed(2)}};
}
