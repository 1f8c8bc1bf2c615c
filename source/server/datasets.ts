// Files that have been sent in: stored under names of our own, hashed as they come, and on the disk before anybody is told.
import {createHash, randomUUID} from 'node:crypto';
import {copyFile, link, rename, rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {BatchSettings} from '../engine/batch.ts';
import {ENCRYPTED_ENDING, type Keys} from '../engine/shared/encryption.ts';
import type {Row, ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {CommitError, isConflict} from '../ledger/start-commit-thread.ts';
import type {ErrorReport} from '../model/report.ts';
import {findFileFault} from '../pipeline/inspect-file.ts';
import {FolderSync} from '../report/folder-sync.ts';
import type {User} from './accounts.ts';
import {auditLine} from './audit/audit-line.ts';
import {assertOriginal, findOriginal, originalOf} from './corrections.ts';
import type {Downloads} from './downloads.ts';
import {createIncoming, type IncomingFile, openIncoming} from './encryption/incoming-file.ts';
import {StoredNames} from './encryption/stored-names.ts';
import {lineOf} from './event-line.ts';
import {GatheringWriter} from './gathering-writer.ts';
import {createId} from './ids.ts';
import {findNameFault, nameOfUpload, relativePathOf} from './incoming-names.ts';
import {noticeOfUpload} from './notices/notice.ts';
import {notFound, type Problem, problem} from './problem.ts';
import {noSuchFile, notScannedYet} from './scanning/scan-problems.ts';
import type {StatedDigests} from './stated-digests.ts';
import {type Arriving, type RoomLimits, StorageRoom, tooLarge} from './storage-room.ts';
import {tidyStored} from './tidy-stored.ts';

export interface Dataset {
	readonly id: string;
	readonly account: string;
	/** For people, and what reading takes from it; never a path. */
	readonly name: string;
	/** Where it lay in the folder that was sent, with its name; a label; `null`: in none. */
	readonly relativePath: string | null;
	/** The file whose rejected records it has, corrected; `null`: it is no such file. */
	readonly corrects: string | null;
	readonly bytes: number;
	readonly sha256: string;
	readonly receivedAt: number;
	/** It waits for a scanner, and nobody reads it before. */
	readonly isScanning: boolean;
	/** `null`: it is kept. */
	readonly expiresAt: number | null;
}

/** `failed`: it was broken off, or is not taken; `cancelled`: by who sent it; `expired`: nobody has gone on with it. */
export type UploadOutcome = 'completed' | 'failed' | 'cancelled' | 'expired';

/** A file that comes in. */
export interface Incoming {
	readonly name: string;
	readonly source: string;
	readonly stated: StatedDigests | null;
	/** See `Dataset`; `null`: what is in it says so. */
	readonly corrects: string | null;
}

/** A file that has come in. */
interface Adopted extends Pick<Dataset, 'id' | 'name' | 'relativePath' | 'bytes'> {
	/** As who sends it says; `null`: what is in it says so. */
	readonly corrects: string | null;
	readonly source: string;
	/** The id of the link that it came by; `null`: by none. */
	readonly link: string | null;
	readonly sha256: Buffer;
}

export interface StoringOptions extends RoomLimits {
	/** `null`: data sets are kept. */
	readonly timeToLiveMs: number | null;
	/** Whether a scanner looks at each file first; called when there is one. Left out: there is none. */
	readonly onToScan?: () => void;
	/** Called when a file has come in, or does not come in any more. */
	readonly onUploadEnded?: (outcome: UploadOutcome, bytes: number) => void;
	/** What archives may unpack to, and how many files they may have; left out: as any archive may. */
	readonly limits?: BatchSettings;
	readonly maxMembers?: number;
	/** By which files are encrypted on the disk; left out: they are not. */
	readonly encryptionKeys?: Keys | null;
}

export class Datasets {
	readonly #ledger: ServerLedger;
	readonly #files: StoredNames;
	readonly #incoming: StoredNames;
	readonly #keys: Keys | null;
	readonly #folderSync = new FolderSync();
	readonly #downloads: Downloads;
	readonly #options: StoringOptions;
	readonly room: StorageRoom;
	constructor(ledger: ServerLedger, folder: string, downloads: Downloads, options: StoringOptions) {
		this.#ledger = ledger;
		this.#downloads = downloads;
		this.#keys = options.encryptionKeys ?? null;
		this.#files = new StoredNames(join(folder, 'files'), this.#keys !== null);
		this.#incoming = new StoredNames(join(folder, 'incoming'), this.#keys !== null);
		this.#options = options;
		this.room = new StorageRoom(ledger, options);
	}

	pathOf(id: string): string {
		return this.#files.pathOf(id);
	}

	/** Where a file lies while it comes in. */
	incomingPathOf(id: string): string {
		return this.#incoming.pathOf(id);
	}

	/** Whether files that come in are encrypted, and how many are not that came before. */
	get encryption(): {readonly isOn: boolean; readonly plainCount: number} {
		return {isOn: this.#keys !== null, plainCount: this.#files.plainCount};
	}

	/** @param isPlain - It goes where it is to be read by others. */
	async createIncoming(id: string, {isPlain, isEmpty}: {isPlain: boolean; isEmpty: boolean}): Promise<string> {
		if (isPlain) this.#incoming.addPlain(id);
		return createIncoming(this.#placeOf(id), isEmpty);
	}

	/** See `openIncoming`. */
	async openIncoming(id: string, offset: number, isComplete: boolean): Promise<IncomingFile> {
		// A data set was put there, and the ledger does not have that: a process died, or the disk was full.
		if (offset === 0 && !isComplete && (await stat(this.incomingPathOf(id))).nlink > 1) {
			await this.removeIncoming(id);
			await this.createIncoming(id, {isPlain: false, isEmpty: false});
		}
		return openIncoming(this.#placeOf(id), offset, isComplete);
	}

	/** Puts a data set in the place of a file that is to come in. */
	async linkIncoming(id: string, dataset: string): Promise<void> {
		await this.removeIncoming(id);
		if (!this.#files.isEncrypted(dataset)) this.#incoming.addPlain(id);
		await link(this.pathOf(dataset), this.incomingPathOf(id));
	}

	/** @param received - Where it was broken off. */
	async removeIncoming(id: string, received: number | null = null): Promise<void> {
		await rm(this.incomingPathOf(id), {force: true});
		if (received !== null) await rm(this.#incoming.keptPathOf(id, received), {force: true});
		this.#incoming.remove(id);
	}

	/** A process that was taken for dead, and is not, writes on to what nobody sees. */
	async detachIncoming(id: string): Promise<void> {
		const path = this.incomingPathOf(id);
		const copy = `${path}.${randomUUID()}.copy`;
		await copyFile(path, copy);
		await rename(copy, path);
		await this.#folderSync.sync(this.#incoming.folder);
	}

	#placeOf(id: string) {
		return {names: this.#incoming, id, keys: this.#keys};
	}

	/** Removes what a process that died has left. */
	tidy(): Promise<void> {
		return tidyStored(this.#ledger, this.#incoming, this.#files);
	}

	/**
	@param stated - Digests that came with it.
	@throws {Problem} When it is too large, more than the account may have, not what was stated, or nothing that can be read.
	*/
	async store(user: User, {name, source, stated, corrects}: Incoming, chunks: AsyncIterable<Buffer>): Promise<Dataset> {
		this.assertName(name);
		const relativePath = relativePathOf(name);
		const id = createId('f');
		const part = this.incomingPathOf(id);
		return this.room.hold(user, {id, bytes: 0}, async arriving => {
			try {
				const received = await this.#receive(user, hashed(chunks, stated), id, arriving);
				const link = user.link?.id ?? null;
				const about = {id, name: nameOfUpload(name), relativePath, source, link, corrects, ...received};
				return await this.#adopt(user, part, about);
			} catch (error) {
				this.noteUploadEnded('failed');
				throw error;
			} finally {
				await rm(part, {force: true});
			}
		});
	}

	/** Of a file that goes into the watched folder: it counts for who has sent it. */
	async noteDrop(
		{id: account}: Pick<User, 'id'>,
		{name, bytes, source}: {readonly name: string; readonly bytes: number; readonly source: string},
		...further: readonly ServerChange[]
	): Promise<void> {
		await this.#ledger.commit(
			{statement: 'addInboxDrop', values: [account, name, bytes, Date.now()]},
			auditLine({action: 'upload', subject: null, account, details: {name, bytes, source, to: 'inbox'}}),
			...further,
		);
		this.#options.onUploadEnded?.('completed', bytes);
	}

	/** A file of the account with these very bytes; `null`: there is none. */
	findSame({id: account}: User, sha256: Buffer, bytes: number): string | null {
		const row = this.#ledger.get(
			`SELECT id FROM datasets WHERE account = ? AND sha256 = ? AND bytes = ? AND state = 'stored'
			AND (expires_at IS NULL OR expires_at > ?) AND scan IS NOT 'waiting' ORDER BY number DESC LIMIT 1`,
			...[account, sha256, bytes, Date.now()],
		);
		return row === undefined ? null : String(row.id);
	}

	/** One that has left nothing. */
	noteUploadEnded(outcome: Exclude<UploadOutcome, 'completed'>): void {
		this.#options.onUploadEnded?.(outcome, 0);
	}

	/**
	Takes a file that has come in, in the transaction that tells of it. The file stays where it is, too, until the caller removes it: so nothing
	is lost when the process dies in between.
	*/
	async adoptUpload(
		user: User,
		upload: string,
		received: Pick<Adopted, 'name' | 'relativePath' | 'corrects' | 'link' | 'bytes' | 'sha256'>,
	): Promise<Dataset> {
		const [id, name] = [createId('f'), nameOfUpload(received.name)];
		const part = this.incomingPathOf(upload);
		return this.#adopt(
			user,
			part,
			{...received, id, name, source: 'tus'},
			{
				...{statement: 'finishUpload', values: [id, upload], rows: 1},
			},
		);
	}

	async #adopt(
		user: User,
		part: string,
		{id, name, relativePath, source, link: dropLink, bytes, sha256, corrects: stated}: Adopted,
		...further: readonly ServerChange[]
	): Promise<Dataset> {
		const {limits = {}, maxMembers = Number.POSITIVE_INFINITY, onToScan} = this.#options;
		const isScanning = onToScan !== undefined;
		const fault = await findFileFault({path: part, name, bytes}, limits, maxMembers);
		if (fault !== null) throw notTaken(fault);
		// Who sends by a link learns nothing of what else there is.
		const corrects = dropLink === null ? await this.#originalOf(user, part, stated) : null;
		if (this.#keys !== null && !part.endsWith(ENCRYPTED_ENDING)) this.#files.addPlain(id);
		await link(part, this.pathOf(id));
		await this.#folderSync.sync(this.#files.folder);
		const receivedAt = Date.now();
		const {timeToLiveMs} = this.#options;
		const expiresAt = timeToLiveMs === null ? null : receivedAt + timeToLiveMs;
		try {
			await this.#ledger.commit(
				{
					statement: 'addDataset',
					values: [
						id,
						user.id,
						name,
						relativePath,
						source,
						bytes,
						sha256,
						receivedAt,
						expiresAt,
						corrects,
						dropLink,
						isScanning ? 'waiting' : null,
					],
				},
				{
					statement: 'addEvent',
					values: [
						user.id,
						null,
						lineOf('upload-completed', {fileId: id, file: name, bytes, ...(corrects !== null && {corrects})}),
					],
				},
				...noticeOfUpload(user.id, {id, name, bytes}),
				auditLine({
					action: 'upload',
					subject: id,
					account: user.id,
					details: {name, bytes, source, ...(corrects !== null && {corrects})},
				}),
				...further,
			);
		} catch (error) {
			// Else it may be written: then it is a file, and what is none is removed at the next start.
			if (error instanceof CommitError) await this.removeBytes(id);
			throw error;
		}
		this.#options.onUploadEnded?.('completed', bytes);
		onToScan?.();
		return {
			isScanning,
			...{id, account: user.id, name, relativePath, corrects, bytes, receivedAt, expiresAt},
			sha256: sha256.toString('hex'),
		};
	}

	async #originalOf(user: User, path: string, stated: string | null): Promise<string | null> {
		if (stated !== null) return assertOriginal(this.#ledger, user.id, stated);
		const name = await originalOf(path);
		return name === null ? null : findOriginal(this.#ledger, user.id, name);
	}

	/** @throws {Problem} Where it is said to correct a file that is not there. */
	assertOriginal(user: User, corrects: string | null): void {
		if (corrects === null) return;
		if (user.link !== undefined) throw notFound('file');
		assertOriginal(this.#ledger, user.id, corrects);
	}

	/** @throws {Problem} Where no file of this name is taken. */
	assertName(given: string): void {
		const fault = findNameFault(nameOfUpload(given));
		if (fault !== null) throw notTaken({code: 'JUNK_NAME', message: fault, line: null, byte_offset: null});
	}

	/** @throws {Problem} 404, also where it belongs to somebody else. */
	find(user: Pick<User, 'id'>, id: string): Dataset {
		const row = this.#ledger.get(
			`SELECT * FROM datasets WHERE id = ? AND account = ? AND state = 'stored' AND (expires_at IS NULL OR expires_at > ?)`,
			...[id, user.id, Date.now()],
		);
		if (row === undefined) throw noSuchFile(this.#ledger, user.id, id);
		return toDataset(row);
	}

	/** @throws {Problem} 404 as `find`; 409 while it waits for a scanner. */
	findReadable(user: User, id: string): Dataset {
		const dataset = this.find(user, id);
		if (!dataset.isScanning) return dataset;
		throw notScannedYet();
	}

	/** Of one that is gone from the ledger. */
	async removeBytes(id: string): Promise<void> {
		await rm(this.pathOf(id), {force: true});
		this.#files.remove(id);
	}

	/**
	@param further - Is written in the same transaction.
	@throws {Problem} 409 while a task needs it.
	*/
	async remove(user: User, id: string, further: readonly ServerChange[] = []): Promise<void> {
		this.find(user, id);
		try {
			await this.#remove(id, user.id, auditLine({action: 'delete-file', subject: id}), ...further);
		} catch (error) {
			if (!isConflict(error)) throw error;
			// It may have been removed meanwhile.
			this.find(user, id);
			throw problem(
				'IN_USE',
				'A task that waits or is worked on needs the file: cancel it, or wait until it has ended.',
			);
		}
	}

	/**
	Removes data sets that have expired. One that a task waits for or reads, or that goes out to somebody, is kept until that has ended.

	@returns How many.
	*/
	async removeExpired(): Promise<number> {
		const rows = this.#ledger.all(
			`SELECT id, account FROM datasets WHERE state = 'stored' AND expires_at <= ? AND NOT EXISTS (
				SELECT 1 FROM tasks WHERE tasks.dataset = datasets.number AND tasks.state IN ('QUEUED', 'PROCESSING'))`,
			Date.now(),
		);
		let count = 0;
		for (const {id, account} of rows) {
			if (this.#downloads.isHeld(String(id))) continue;
			try {
				await this.#remove(String(id), String(account));
				count++;
			} catch (error) {
				// It is needed again, or its owner was first.
				if (!isConflict(error)) throw error;
			}
		}
		return count;
	}

	async #remove(id: string, account: string, ...further: readonly ServerChange[]): Promise<void> {
		await this.#ledger.commit(
			{statement: 'removeDataset', values: [id], rows: 1},
			{statement: 'addEvent', values: [account, null, lineOf('content-expired', {fileId: id})]},
			...further,
		);
		await this.removeBytes(id);
	}

	async #receive(
		user: User,
		chunks: AsyncIterable<Buffer>,
		id: string,
		arriving: Arriving,
	): Promise<{bytes: number; sha256: Buffer}> {
		const {maxBytes} = this.#options;
		const hash = createHash('sha256');
		await this.createIncoming(id, {isPlain: false, isEmpty: false});
		const file = await this.openIncoming(id, 0, false);
		const writer = new GatheringWriter(file.handle, 0);
		try {
			for await (const chunk of chunks) {
				arriving.bytes += chunk.length;
				if (arriving.bytes > maxBytes) throw tooLarge(maxBytes);
				// It counts as arriving already.
				if (this.room.isBounded(user)) this.room.assertBytesFit(user, 0);
				hash.update(chunk);
				await writer.add(chunk);
			}
			await file.settle(await writer.finish(), true);
			return {bytes: arriving.bytes, sha256: hash.digest()};
		} finally {
			await writer.settle();
			await file.close();
		}
	}
}

/** The same; at its end it is what was stated. */
async function* hashed(chunks: AsyncIterable<Buffer>, stated: StatedDigests | null): AsyncGenerator<Buffer, void> {
	for await (const chunk of chunks) {
		stated?.update(chunk);
		yield chunk;
	}
	stated?.verify();
}

const notTaken = (reason: ErrorReport): Problem =>
	problem('NOT_TAKEN', reason.message, {more: {reason: {code: reason.code, message: reason.message}}});

const toDataset = (row: Row): Dataset => ({
	...{id: String(row.id), account: String(row.account), name: String(row.name), bytes: Number(row.bytes)},
	relativePath: row.relative_path as string | null,
	corrects: row.corrects as string | null,
	sha256: Buffer.from(row.sha256 as Uint8Array).toString('hex'),
	receivedAt: Number(row.received_at),
	isScanning: row.scan === 'waiting',
	expiresAt: row.expires_at === null ? null : Number(row.expires_at),
});
