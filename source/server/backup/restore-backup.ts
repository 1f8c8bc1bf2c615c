// Puts a backup into a folder of its own. The ledger comes last: until then it is not the folder of a server, and the same may be done again.
import {existsSync} from 'node:fs';
import {type FileHandle, mkdir, open, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {ENCRYPTED_ENDING} from '../../engine/shared/encryption.ts';
import {loadSqlite} from '../../ledger/sqlite.ts';
import {makeFolders} from '../../report/make-folders.ts';
import {syncFolder} from '../../report/sync-folder.ts';
import {safe} from '../../text/safe.ts';
import {messageOf} from '../../text/system-error.ts';
import {hashFile} from './hash-file.ts';
import {BackupError, LEDGER_NAME, MANIFEST_NAME, type Manifest} from './manifest.ts';
import {listEntries, readEntry, type TarEntry} from './tar-file.ts';

export interface RestoreRequest {
	readonly path: string;
	/** There must be no ledger in it. */
	readonly dataFolder: string;
	/** Whether all files are read from the disk once more, and the ledger is checked as a whole. */
	readonly isVerified: boolean;
}

/** Names of ours: nothing is written elsewhere. */
const NAME = /^(?:ledger\.db|(?:files|rejects|incoming)\/[\w.-]+|tables\/[\w.-]+\/[^/\0]+)$/;

/** @throws {BackupError} Where the backup is not whole, or the folder is that of a server. */
export async function restoreBackup({path, dataFolder, isVerified}: RestoreRequest): Promise<Manifest> {
	const ledger = join(dataFolder, LEDGER_NAME);
	if (existsSync(ledger))
		throw new BackupError(`${safe(dataFolder)} is the folder of a server already: name another one by --data.`);
	let handle: FileHandle;
	try {
		handle = await open(path, 'r');
	} catch (error) {
		throw new BackupError(`${safe(path)} cannot be read: ${messageOf(error)}.`);
	}
	try {
		const entries = await listEntries(handle);
		const manifest = await readManifest(handle, entries);
		await makeFolders(dataFolder, 0o700);
		const unfinished = join(dataFolder, 'restoring.db');
		for (const file of manifest.files) {
			const entry = entries.find(each => each.name === file.name);
			if (entry === undefined || entry.bytes !== file.bytes)
				throw new Error(`${file.name} is not in it as the manifest says`);
			const target = file.name === LEDGER_NAME ? unfinished : join(dataFolder, file.name);
			const sha256 = await writeEntry(handle, entry, target);
			if (sha256 !== file.sha256) throw new Error(`${file.name} has other bytes than the manifest says`);
		}
		if (isVerified) await verify(dataFolder, unfinished, manifest);
		for (const folder of new Set(manifest.files.map(({name}) => dirname(join(dataFolder, name)))))
			await syncFolder(folder);
		await rename(unfinished, ledger);
		await syncFolder(dataFolder);
		return manifest;
	} catch (error) {
		throw error instanceof BackupError
			? error
			: new BackupError(`${safe(path)} cannot be restored to ${safe(dataFolder)}: ${messageOf(error)}.`);
	} finally {
		await handle.close();
	}
}

async function readManifest(handle: FileHandle, entries: readonly TarEntry[]): Promise<Manifest> {
	const entry = entries.find(({name}) => name === MANIFEST_NAME);
	if (entry === undefined) throw new Error('it is no backup of fileproc-tui: there is no manifest.json in it');
	const pieces: Buffer[] = [];
	await readEntry(handle, entry, async piece => pieces.push(Buffer.from(piece)));
	const manifest = JSON.parse(Buffer.concat(pieces).toString()) as Manifest;
	if (manifest.format !== 'fileproc-tui backup' || manifest.version !== 1)
		throw new Error(
			`it is of the format ${JSON.stringify(manifest.format)} ${manifest.version}, and this program knows version 1`,
		);
	const foreign = manifest.files.find(({name}) => !NAME.test(name) || /(?:^|\/)\.\.?(?:\/|$)/.test(name));
	if (foreign !== undefined) throw new Error(`there is no place for a file ${JSON.stringify(foreign.name)}`);
	return manifest;
}

async function writeEntry(handle: FileHandle, entry: TarEntry, target: string): Promise<string> {
	await mkdir(dirname(target), {recursive: true, mode: 0o700});
	await rm(target, {force: true});
	const written = await open(target, 'wx', 0o600);
	try {
		const sha256 = await readEntry(handle, entry, piece => written.writeFile(piece));
		await written.sync();
		return sha256;
	} finally {
		await written.close();
	}
}

/** What lies on the disk, and whether each stored file is the one that was sent in. */
async function verify(dataFolder: string, ledger: string, {files}: Manifest): Promise<void> {
	const found = new Map<string, string>();
	for (const {name, sha256} of files) {
		const hash = await hashFile(name === LEDGER_NAME ? ledger : join(dataFolder, name));
		if (hash !== sha256) throw new Error(`${name} was not read as it was written`);
		found.set(name, hash);
	}
	const {DatabaseSync} = loadSqlite();
	const database = new DatabaseSync(ledger, {readOnly: true});
	try {
		const integrity = database
			.prepare('PRAGMA integrity_check')
			.all()
			.map(row => String(Object.values(row)[0]));
		if (integrity.join() !== 'ok') throw new Error(`the ledger is damaged: ${integrity[0]}`);
		// Of an encrypted one it takes the key to tell: its frames say themselves whether they are what was written.
		for (const {id, sha256} of database
			.prepare(`SELECT id, lower(hex(sha256)) AS sha256 FROM datasets WHERE state = 'stored'`)
			.iterate())
			if (!found.has(`files/${id}${ENCRYPTED_ENDING}`) && found.get(`files/${id}`) !== sha256)
				throw new Error(`the file ${id} is not the one that was sent in`);
	} finally {
		database.close();
		// Who may only read leaves the empty files that a ledger has beside it.
		for (const ending of ['-wal', '-shm']) await rm(ledger + ending, {force: true});
	}
}
