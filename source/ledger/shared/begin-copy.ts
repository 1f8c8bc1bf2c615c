// How an instance begins: with a ledger that is a copy of the log, and goes on from where it is.
import {createHash, randomBytes, randomUUID} from 'node:crypto';
import {existsSync} from 'node:fs';
import {rename, rm} from 'node:fs/promises';
import type {DatabaseSync} from 'node:sqlite';
import {setTimeout as wait} from 'node:timers/promises';
import {openToWrite} from '../open-database.ts';
import {MIGRATIONS} from '../schema.ts';
import {SERVER_STATEMENTS} from '../server-statements.ts';
import {BEGIN_LOCK, LOG_TABLES} from './log-tables.ts';
import type {Postgres} from './postgres.ts';
import {LogAway, LogFault} from './shared-log.ts';
import {fetchSnapshot, keepSnapshot, newestSnapshot} from './snapshots.ts';

/** What entries mean: the tables, and what the names of changes stand for. */
export const FORMAT = createHash('sha256')
	.update(JSON.stringify([MIGRATIONS, SERVER_STATEMENTS]))
	.digest('hex');

export interface BeginOptions {
	readonly path: string;
	/** Of this program. */
	readonly version: string;
	/** The address of the log, for people. */
	readonly shown: string;
	readonly format?: string;
}

export interface BegunLog {
	readonly id: string;
	/** What all instances know, and nobody else. */
	readonly secret: string;
}

/** What the ledger in a folder is. */
type Local =
	| {readonly kind: 'none'}
	| {readonly kind: 'own'}
	| {readonly kind: 'copy'; readonly log: string; readonly position: number; readonly entry: string};

/** An instance that was not heard of for longer has died. */
export const DEAD_SECONDS = 30;

const [TRY_MS, MAX_TRIES] = [500, 600];

/** @throws {LogAway} @throws {LogFault} @throws {LedgerError} */
export async function beginCopy(postgres: Postgres, options: BeginOptions): Promise<BegunLog> {
	const {path, version, shown, format = FORMAT} = options;
	await beginAlone(postgres);
	try {
		await postgres.ask(LOG_TABLES);
		const [found] = await postgres.ask('SELECT id, secret, format, version FROM fileproc.log');
		const local = await lookAt(path);
		const log = found === undefined ? null : {id: String(found.id), secret: String(found.secret)};
		const begun = log ?? {id: neverBegun(local) ?? randomUUID(), secret: randomBytes(32).toString('base64url')};
		if (local.kind === 'none') await removeLedger(path);
		if (local.kind === 'copy' && local.log !== begun.id)
			throw new LogFault(
				'the ledger in --data is a copy of another log: name the address of that one, or another folder by --data',
			);
		if (log === null) {
			await postgres.ask('INSERT INTO fileproc.log (id, secret, format, version) VALUES ($1, $2, $3, $4)', [
				...[begun.id, begun.secret, format, version],
			]);
			mark(path, begun.id, shown);
			// What is there already is what all others begin with.
			if (local.kind !== 'none') await keepSnapshot(postgres, path, `${path}.snapshot`);
		} else if (found?.format !== format) {
			await takeOverFormat(postgres, local, String(found?.version), options);
		} else await joinLog(postgres, local, begun, options);
		await postgres.commit();
		return begun;
	} catch (error) {
		await postgres.rollback().catch(() => {});
		throw error;
	}
}

/** Of which log a ledger was to be the first copy, when the connection was lost; `null`: of none. */
const neverBegun = (local: Local): string | null => (local.kind === 'copy' && local.position === 0 ? local.log : null);

/** Another one may be making a copy of what it has, which takes its time. */
async function beginAlone(postgres: Postgres): Promise<void> {
	for (let tries = 0; tries < MAX_TRIES; tries++) {
		const [row] = await postgres.begin(
			`SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_try_advisory_xact_lock${BEGIN_LOCK} AS is_alone`,
		);
		if (row?.is_alone === true) return;
		await postgres.rollback();
		await wait(TRY_MS);
	}
	throw new LogAway('another instance has been beginning there for minutes');
}

async function removeLedger(path: string): Promise<void> {
	for (const ending of ['-wal', '-shm', '']) await rm(path + ending, {force: true});
}

/** Of a log that others have begun. */
async function joinLog(postgres: Postgres, local: Local, log: BegunLog, {path, shown}: BeginOptions): Promise<void> {
	if (local.kind === 'own')
		throw new LogFault(
			'the folder in --data has accounts or files of its own, and the log has others: name another folder by --data, which is made',
		);
	const [range] = await postgres.ask('SELECT min(number) AS first FROM fileproc.entries');
	const first = range?.first == null ? null : Number(range.first);
	const snapshot = await newestSnapshot(postgres);
	const isCut =
		local.kind === 'copy' && first !== null && local.position < first && local.position < (snapshot?.position ?? 0);
	if (local.kind === 'copy' && !isCut) return;
	if (snapshot === null) {
		mark(path, log.id, shown);
		return;
	}
	const fetched = `${path}.fetched`;
	await rm(fetched, {force: true});
	await fetchSnapshot(postgres, snapshot, fetched);
	await removeLedger(path);
	await rename(fetched, path);
	openToWrite(path).close();
}

/** The log is of another version: its entries cannot be read any more, so who takes it over must have had all of them. */
async function takeOverFormat(
	postgres: Postgres,
	local: Local,
	version: string,
	{path, format = FORMAT, version: own}: BeginOptions,
): Promise<void> {
	const [alive] = await postgres.ask(
		`SELECT count(*) AS count FROM fileproc.instances WHERE seen_at > now() - interval '${DEAD_SECONDS} s'`,
	);
	if (Number(alive?.count) > 0)
		throw new LogFault(
			`${alive?.count} instances of version ${version} are at work there, and this is version ${own}, which writes otherwise: end all of them first, then start this version in the folder of one of them`,
		);
	const [head] = await postgres.ask('SELECT number, id FROM fileproc.entries ORDER BY number DESC LIMIT 1');
	const number = Number(head?.number ?? 0);
	if (local.kind !== 'copy' || local.position !== number || (head !== undefined && local.entry !== head.id))
		throw new LogFault(
			`its entries are of version ${version}, which this version cannot read: expected a copy at entry ${number} in --data, but there is ${local.kind === 'copy' ? `one at ${local.position}` : 'none'}. Start this version in the folder of the instance that ended last`,
		);
	await postgres.ask('UPDATE fileproc.log SET format = $1, version = $2', [format, own]);
	await postgres.ask('DELETE FROM fileproc.snapshots');
	await keepSnapshot(postgres, path, `${path}.snapshot`);
	await postgres.ask('DELETE FROM fileproc.entries WHERE number < $1', [number]);
}

async function lookAt(path: string): Promise<Local> {
	if (!existsSync(path)) return {kind: 'none'};
	const database = openToWrite(path);
	try {
		const row = copyOf(database);
		if (row !== null) return row;
		const {count} = database.prepare(HAS_ANYTHING).get() ?? {};
		return Number(count) > 0 ? {kind: 'own'} : {kind: 'none'};
	} finally {
		database.close();
	}
}

const HAS_ANYTHING = `SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM datasets) + (SELECT count(*) FROM server_events)
	+ (SELECT count(*) FROM audit WHERE number > 0) + (SELECT count(*) FROM uploads) + (SELECT count(*) FROM endpoints) AS count`;

function copyOf(database: DatabaseSync): Extract<Local, {kind: 'copy'}> | null {
	const row = database.prepare('SELECT log, position, entry FROM shared_copy').get();
	return row === undefined
		? null
		: {kind: 'copy', log: String(row.log), position: Number(row.position), entry: String(row.entry)};
}

/** Says that a ledger is a copy from now on. */
function mark(path: string, log: string, shown: string): void {
	const database = openToWrite(path);
	try {
		database
			.prepare(`INSERT OR REPLACE INTO shared_copy (only_one, log, place, position, entry) VALUES (1, ?, ?, 0, '')`)
			.run(log, shown);
	} finally {
		database.close();
	}
}
