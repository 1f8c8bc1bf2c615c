// Copies what a server has while it goes on. Files that are stored never change, they only come and go: so they are linked before and after the
// copy of the ledger is made, and what this copy names is among the links. What came and went in between is no file of the copy.
import {existsSync} from 'node:fs';
import {link, mkdir, readdir, rename, rm, stat} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {ENCRYPTED_ENDING} from '../../engine/shared/encryption.ts';
import {takeLock} from '../../ledger/file-lock.ts';
import {openToRead} from '../../ledger/open-database.ts';
import {loadSqlite} from '../../ledger/sqlite.ts';
import {syncFolder} from '../../report/sync-folder.ts';
import {safe} from '../../text/safe.ts';
import {codeOf, messageOf} from '../../text/system-error.ts';
import {storedBytesOf} from '../encryption/incoming-file.ts';
import {BackupError, LEDGER_NAME, MANIFEST_NAME, type Manifest, type ManifestFile} from './manifest.ts';
import {TarWriter} from './tar-file.ts';

export interface BackupRequest {
	readonly dataFolder: string;
	/** Of the backup: nothing may be there. */
	readonly path: string;
	readonly isConfigOnly: boolean;
	/** Of this program. */
	readonly version: string;
}

/** What is kept beside the ledger. */
const FOLDERS = ['files', 'rejects', 'tables', 'incoming'] as const;
/** Pages are copied in one step, so no writer makes it begin again; writers are not held up. */
const ALL_PAGES = 0x7fff_ffff;

/** What a backup of the configuration keeps: sessions, tokens and history are no configuration. */
const CONFIG_TABLES: ReadonlySet<string> = new Set([
	'accounts',
	'identities',
	'second_factors',
	'recovery_codes',
	'endpoints',
	'mappings',
]);

/** @throws {BackupError} Where it cannot be made; nothing is left at `path` then. */
export async function takeBackup({dataFolder, path, isConfigOnly, version}: BackupRequest): Promise<Manifest> {
	const ledger = join(dataFolder, LEDGER_NAME);
	if (!existsSync(ledger))
		throw new BackupError(`${safe(dataFolder)} is not the folder of a server: name that one by --data.`);
	if (existsSync(path)) throw new BackupError(`${safe(path)} is there already: name another file, or remove it.`);
	const lock = takeLock(join(dataFolder, 'backup.lock'));
	if (lock === null) throw new BackupError(`Another backup of ${safe(dataFolder)} is being made: wait for its end.`);
	const staging = join(dataFolder, 'backup');
	const part = `${resolve(path)}.part`;
	try {
		// What a backup that was killed has left.
		await rm(staging, {recursive: true, force: true});
		await rm(part, {force: true});
		await mkdir(staging, {mode: 0o700});
		const begunAt = new Date();
		if (!isConfigOnly) await linkAll(dataFolder, staging);
		const copy = join(staging, LEDGER_NAME);
		await copyLedger(ledger, copy);
		if (!isConfigOnly) await linkAll(dataFolder, staging);
		const names = isConfigOnly ? keepConfiguration(copy) : await namesOf(copy, staging);
		const tar = await TarWriter.create(part);
		try {
			const manifest = await writeAll(tar, staging, names, {begunAt, isConfigOnly, version});
			await rename(part, path);
			await syncFolder(dirname(resolve(path)));
			return manifest;
		} catch (error) {
			await tar.close().catch(() => {});
			throw error;
		}
	} catch (error) {
		await rm(part, {force: true});
		throw error instanceof BackupError
			? error
			: new BackupError(`The backup could not be written to ${safe(path)}: ${messageOf(error)}.`);
	} finally {
		await rm(staging, {recursive: true, force: true});
		lock.release();
	}
}

async function copyLedger(from: string, to: string): Promise<void> {
	const source = openToRead(from);
	try {
		const shared = source.prepare('SELECT place FROM shared_copy').get();
		if (shared !== undefined)
			throw new BackupError(
				`This ledger is a copy of what servers share at ${safe(String(shared.place))}, which is what has to be kept: back up that database (pg_dump), then the folder of --shared-files.`,
			);
		await loadSqlite().backup(source, to, {rate: ALL_PAGES});
	} finally {
		source.close();
	}
}

async function linkAll(dataFolder: string, staging: string): Promise<void> {
	for (const folder of FOLDERS) await linkFolder(join(dataFolder, folder), join(staging, folder));
}

/** Links the files of a folder; those that are linked already stay. */
async function linkFolder(from: string, to: string): Promise<void> {
	await mkdir(to, {recursive: true, mode: 0o700});
	for (const entry of await readdir(from, {withFileTypes: true}).catch(orNone)) {
		const [source, target] = [join(from, entry.name), join(to, entry.name)];
		if (entry.isDirectory()) await linkFolder(source, target);
		// It may go, or be linked already.
		else if (entry.isFile())
			await link(source, target).catch((error: unknown) => {
				if (!['ENOENT', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
			});
	}
}

function orNone(error: unknown): [] {
	if (codeOf(error) === 'ENOENT') return [];
	throw error;
}

/** A file in the backup, with so many bytes of it as the ledger knows of; left out: all. */
interface Named {
	readonly name: string;
	readonly bytes?: number;
}

/** What the copy of the ledger names, and makes it name nothing else. */
async function namesOf(copy: string, staging: string): Promise<readonly Named[]> {
	const {DatabaseSync} = loadSqlite();
	const database = new DatabaseSync(copy);
	try {
		const ids = (sql: string): string[] =>
			database
				.prepare(sql)
				.all()
				.map(({id}) => String(id));
		const named: Named[] = [];
		for (const id of ids(`SELECT id FROM datasets WHERE state = 'stored'`)) {
			const name = nameIn(staging, `files/${id}`);
			if (name !== null) named.push({name});
			// It came and went while the copy was made.
			else database.prepare(`UPDATE datasets SET state = 'deleted' WHERE id = ?`).run(id);
		}
		for (const id of ids('SELECT id FROM tasks WHERE report IS NOT NULL')) {
			if (existsSync(join(staging, 'rejects', `${id}.csv`))) named.push({name: `rejects/${id}.csv`});
			for (const file of await readdir(join(staging, 'tables', id)).catch(orNone))
				named.push({name: `tables/${id}/${file}`});
		}
		// What has come behind the bytes that the copy knows of was not acknowledged by it.
		for (const {id, bytes, is_whole} of database
			.prepare(
				'SELECT id, received_bytes AS bytes, received_bytes = bytes AS is_whole FROM uploads WHERE dataset IS NULL',
			)
			.all()) {
			const name = nameIn(staging, `incoming/${id}`);
			const kept = `incoming/${id}.${bytes}.kept`;
			if (is_whole === 0 && name?.endsWith(ENCRYPTED_ENDING) === true && existsSync(join(staging, kept)))
				named.push({name, bytes: storedBytesOf(Number(bytes))}, {name: kept});
			// Of an encrypted one nothing has come yet, or all.
			else if (name?.endsWith(ENCRYPTED_ENDING) === true) named.push({name});
			else if (name !== null) named.push({name, bytes: Number(bytes)});
			else database.prepare('DELETE FROM uploads WHERE id = ?').run(String(id));
		}
		return [{name: LEDGER_NAME}, ...named];
	} finally {
		database.close();
	}
}

/** Under which name a file lies; `null`: there is none. */
const nameIn = (staging: string, name: string): string | null =>
	[name, name + ENCRYPTED_ENDING].find(each => existsSync(join(staging, each))) ?? null;

/** Secrets of webhooks are not configuration: each gets another one before it is on again. */
function keepConfiguration(copy: string): readonly Named[] {
	const {DatabaseSync} = loadSqlite();
	const database = new DatabaseSync(copy, {enableForeignKeyConstraints: false});
	try {
		const tables = database
			.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
			.all();
		beginAuditAnew(database);
		for (const {name} of tables)
			if (!CONFIG_TABLES.has(String(name)) && name !== 'audit') database.exec(`DELETE FROM "${String(name)}"`);
		database.exec(`UPDATE endpoints SET secret = '', old_secret = NULL, failures = 0, rests_until = NULL,
			state = CASE WHEN url LIKE 'mailto:%' THEN state ELSE 'off' END, off_reason = 'It came from a backup of the configuration: make a secret for it';
			DELETE FROM endpoints WHERE state = 'unconfirmed'; VACUUM`);
	} finally {
		database.close();
	}
	return [{name: LEDGER_NAME}];
}

async function writeAll(
	tar: TarWriter,
	staging: string,
	names: readonly Named[],
	{begunAt, isConfigOnly, version}: {begunAt: Date; isConfigOnly: boolean; version: string},
): Promise<Manifest> {
	const files: ManifestFile[] = [];
	for (const {name, bytes} of names) {
		const path = join(staging, name);
		files.push({name, ...(await tar.addFile(name, path, bytes ?? (await stat(path)).size))});
	}
	const manifest: Manifest = {
		...{format: 'fileproc-tui backup', version: 1, made_by: version, begun_at: begunAt.toISOString()},
		...{is_config_only: isConfigOnly, files},
	};
	await tar.addText(MANIFEST_NAME, `${JSON.stringify(manifest, undefined, '\t')}\n`);
	await tar.finish();
	return manifest;
}

/** What was done elsewhere is history, too. Nothing but this copy may forget it, so what forbids that is put back. */
function beginAuditAnew(database: InstanceType<ReturnType<typeof loadSqlite>['DatabaseSync']>): void {
	const triggers = database
		.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'`)
		.all();
	for (const {name} of triggers) database.exec(`DROP TRIGGER "${String(name)}"`);
	// The chain hangs on the first row, which tells of nothing.
	database.exec('DELETE FROM audit WHERE number > 0');
	for (const {sql} of triggers) database.exec(String(sql));
}
