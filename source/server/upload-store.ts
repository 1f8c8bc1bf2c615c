// Where uploads lie that may be cut off: their bytes in files, how far they are in the ledger, which never says more than is on the disk.
import {createHash} from 'node:crypto';
import {stat} from 'node:fs/promises';
import type {Readable} from 'node:stream';
import {DataStore, Upload} from '@tus/server';
import type {Row, ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import {messageOf} from '../text/system-error.ts';
import type {User} from './accounts.ts';
import {auditLine} from './audit/audit-line.ts';
import type {Datasets} from './datasets.ts';
import {nameOfUpload, relativePathOf} from './incoming-names.ts';
import {notFound, Problem, problem} from './problem.ts';
import {receive} from './receive.ts';
import {UNFINISHED_UPLOADS_MS} from './retention.ts';
import {noInbox} from './served-inbox.ts';
import type {Calling, FinishedUpload, InboxDoor} from './upload-calling.ts';
import {UploadHashes} from './upload-hashes.ts';
import {declareLength, lengthOf, UNDECLARED} from './upload-length.ts';
import type {UploadLocker} from './upload-locker.ts';

type Locker = Pick<UploadLocker, 'isHeld' | 'holderOf' | 'holdNew' | 'noteHeld' | 'assertHeld'>;

/** What `to` of its metadata says. */
const INBOX = 'inbox';

const isThere = (path: string): Promise<boolean> =>
	stat(path).then(
		() => true,
		() => false,
	);

/** Of an account (?2); by a link (?3) only what came by it. */
const IS_OF = 'uploads.account = ?2 AND (?3 IS NULL OR uploads.link = ?3)';

const linkOf = ({link}: User): string | null => link?.id ?? null;

export class UploadStore extends DataStore {
	readonly #ledger: ServerLedger;
	readonly #datasets: Datasets;
	readonly #caller: () => Calling;
	readonly #locker: Locker;
	readonly #hashes = new UploadHashes();
	/** Uploads that are becoming data sets, or files of the inbox. */
	readonly #finishing = new Map<string, Promise<FinishedUpload>>();
	/** What has kept uploads from being finished, by their ids. */
	readonly #told = new Map<string, string>();
	readonly #inbox: InboxDoor | null;
	override extensions = [
		...['creation', 'creation-with-upload', 'creation-defer-length'],
		...['termination', 'expiration', 'checksum'],
	];

	constructor(
		ledger: ServerLedger,
		datasets: Datasets,
		{
			caller,
			locker,
			inbox,
		}: {
			readonly caller: () => Calling;
			readonly locker: Locker;
			readonly inbox: InboxDoor | null;
		},
	) {
		super();
		this.#inbox = inbox;
		this.#locker = locker;
		this.#ledger = ledger;
		this.#datasets = datasets;
		this.#caller = caller;
	}

	override getExpiration(): number {
		return UNFINISHED_UPLOADS_MS;
	}

	/** @throws {Problem} Where it would be refused at its end. */
	assertMayCome({filename, relativePath, corrects, to}: Upload['metadata'] & object, bytes: number): void {
		if (to === INBOX) {
			// A link is for the files of its account.
			if (this.#inbox === null || this.#caller().user.link !== undefined) throw noInbox();
			this.#inbox.drops.assertName(filename ?? '');
		} else if (to != null)
			throw problem(
				'BAD_REQUEST',
				`Expected to ${INBOX} in Upload-Metadata, or nothing, but got ${JSON.stringify(to)}.`,
			);
		this.#datasets.assertName(filename ?? '');
		this.#datasets.assertOriginal(this.#caller().user, corrects ?? null);
		relativePathOf(relativePath);
		this.#datasets.room.assertFits(this.#caller().user, bytes);
	}

	override async create(upload: Upload): Promise<Upload> {
		const {user, beginsWithBytes, remember} = this.#caller();
		const {id, size, metadata = {}} = upload;
		const now = Date.now();
		await this.#datasets.room.hold(user, {id, bytes: size ?? 0}, async () => {
			await this.#datasets.createIncoming(id, {isPlain: metadata.to === INBOX, isEmpty: size === 0});
			try {
				await this.#ledger.commit(
					{
						statement: 'addUpload',
						values: [id, user.id, size ?? UNDECLARED, JSON.stringify(metadata), now, linkOf(user)],
					},
					...(beginsWithBytes ? this.#locker.holdNew(id) : []),
					...remember(id),
					auditLine({
						action: 'begin-upload',
						subject: id,
						details: {name: metadata.filename ?? null, bytes: size ?? null},
					}),
				);
			} catch (error) {
				await this.#datasets.removeIncoming(id);
				throw error;
			}
			this.#locker.noteHeld(id);
		});
		upload.creation_date = new Date(now).toISOString();
		return upload;
	}

	override async getUpload(id: string): Promise<Upload> {
		const row = this.#find(id);
		const {account, link, received_bytes, metadata, touched_at} = row;
		const size = lengthOf(row);
		const {user} = this.#caller();
		if (account !== user.id || (linkOf(user) ?? link) !== link) throw notFound('upload');
		return new Upload({
			...{id, ...(size !== null && {size}), offset: Number(received_bytes)},
			metadata: JSON.parse(String(metadata)) as Record<string, string | null>,
			// It expires when nobody has gone on with it for so long.
			creation_date: new Date(Number(touched_at)).toISOString(),
		});
	}

	override async write(_: Readable, id: string, offset: number): Promise<number> {
		const row = this.#find(id);
		// Its bytes are those of a data set by now; nothing can follow them.
		if (row.dataset !== null) return offset;
		const size = lengthOf(row);
		if (size !== null)
			return this.#receive(id, offset, size, end => {
				if (end > size) throw problem('TOO_LARGE', `Expected no more than the ${size} bytes of Upload-Length.`);
			});
		const {user, announcedBytes} = this.#caller();
		// Nobody has kept room for them.
		return this.#datasets.room.extend(user, {id, from: offset, to: offset + announcedBytes}, assertGrows =>
			this.#receive(id, offset, null, assertGrows),
		);
	}

	/**
	@param size - See `lengthOf`.
	@param assertMayReach - Called with where what has come ends, before it is written.
	*/
	async #receive(
		id: string,
		offset: number,
		size: number | null,
		assertMayReach: (end: number) => void,
	): Promise<number> {
		const {checksum, bytes: stream} = this.#caller();
		const file = await this.#datasets.openIncoming(id, offset, size === offset);
		try {
			this.#locker.assertHeld(id);
			const chunk = checksum === null ? null : createHash(checksum.algorithm);
			const running = this.#hashes.takeAt(id, offset);
			let reached = offset;
			const {end, isWhole} = await receive(stream, file.handle, offset, bytes => {
				reached += bytes.length;
				assertMayReach(reached);
				chunk?.update(bytes);
				running?.update(bytes);
			});
			if (chunk !== null && checksum !== null && (!isWhole || chunk.digest('base64') !== checksum.expected))
				throw problem('WRONG_CHECKSUM', 'The bytes are not those whose Upload-Checksum was stated.');
			// Who asks for the end again sends nothing, and it may be a data set by now.
			if (end === offset) {
				if (end > 0) this.#hashes.keep(id, running, end);
				return end;
			}
			await file.settle(end, end === size);
			await this.#ledger.commit({
				statement: 'setReceived',
				values: [end, Date.now(), id, this.#locker.holderOf(id)],
				rows: 1,
			});
			this.#hashes.keep(id, running, end);
			await file.forgetEarlier();
			return end;
		} catch (error) {
			// What is not acknowledged takes no room, which may be what is missing.
			await file.rollBack();
			throw error;
		} finally {
			await file.close();
		}
	}

	/** Whether so many bytes have been declared before: who has not heard so declares them again. */
	isDeclared(id: string, size: string): boolean {
		const row = this.#ledger.get('SELECT bytes FROM uploads WHERE id = ?', id);
		return row !== undefined && lengthOf(row) !== null && String(row.bytes) === size;
	}

	override declareUploadLength(id: string, size: number): Promise<void> {
		const parts = {ledger: this.#ledger, datasets: this.#datasets, locker: this.#locker};
		return declareLength(parts, this.#caller(), this.#find(id), size);
	}

	override async remove(id: string): Promise<void> {
		await this.getUpload(id);
		const {dataset} = this.#find(id);
		await this.#forget(id, auditLine({action: 'give-up-upload', subject: id}));
		if (dataset === null) this.#datasets.noteUploadEnded('cancelled');
	}

	override async deleteExpired(): Promise<number> {
		const rows = this.#ledger.all(
			'SELECT id, holder FROM uploads WHERE touched_at < ?',
			Date.now() - UNFINISHED_UPLOADS_MS,
		);
		// One piece of a slow sender may take longer than that.
		const left = rows
			.filter(({id, holder}) => holder === null || this.#ledger.shared?.isDead(String(holder), String(id)) !== false)
			.map(({id}) => String(id))
			.filter(id => !this.#locker.isHeld(id));
		let count = 0;
		for (const id of left) {
			const {dataset} = this.#find(id);
			await this.#forget(id);
			if (dataset !== null) continue;
			this.#datasets.noteUploadEnded('expired');
			count++;
		}
		return count;
	}

	has(id: string, user: User): boolean {
		const found = this.#ledger.get(
			`SELECT 1 AS found FROM uploads WHERE id = ?1 AND ${IS_OF}`,
			id,
			user.id,
			linkOf(user),
		);
		return found !== undefined;
	}

	/** Whether it can be gone on with, or has become a data set that is still there. */
	isOfUse(id: string, user: User): boolean {
		const found = this.#ledger.get(
			`SELECT 1 AS found FROM uploads LEFT JOIN datasets ON datasets.id = uploads.dataset
			WHERE uploads.id = ?1 AND ${IS_OF} AND (uploads.dataset IS NULL OR uploads.dataset = ''
				OR (datasets.state = 'stored' AND (datasets.expires_at IS NULL OR datasets.expires_at > ?4)))`,
			...[id, user.id, linkOf(user), Date.now()],
		);
		return found !== undefined;
	}

	/** The data set that an upload has become; `null`: it is not complete, or there is none. */
	datasetOf(id: string, user: User): string | null {
		const row = this.#ledger.get(
			`SELECT dataset FROM uploads WHERE id = ?1 AND ${IS_OF}`,
			...[id, user.id, linkOf(user)],
		);
		return typeof row?.dataset === 'string' && row.dataset !== '' ? row.dataset : null;
	}

	/**
	Makes it a data set, or a file of the inbox. Who asks while that is being done, because an answer was lost, gets the same one.

	@throws {Problem} When its bytes are not those that were announced: then it is removed.
	*/
	finish(id: string, knownHash: Buffer | null = null): Promise<FinishedUpload> {
		const known = this.#finishing.get(id);
		if (known !== undefined) return known;
		const finishing = this.#finish(id, knownHash).finally(() => this.#finishing.delete(id));
		this.#finishing.set(id, finishing);
		return finishing;
	}

	async #finish(id: string, knownHash: Buffer | null): Promise<FinishedUpload> {
		const {account, link, bytes, metadata, dataset: known} = this.#find(id);
		if (typeof known === 'string') return {fileId: known === '' ? null : known};
		const {
			filename,
			relativePath,
			corrects,
			sha256: stated,
			to,
		} = JSON.parse(String(metadata)) as Record<string, string | null>;
		const user: Pick<User, 'id'> = {id: String(account)};
		// On its way into the inbox it was looked at before.
		if (to === INBOX && !(await isThere(this.#pathOf(id)))) return this.#drop(id, user, filename ?? '', Number(bytes));
		const sha256 = knownHash ?? (await this.#hashes.endOf(id, Number(bytes), this.#pathOf(id)));
		if (stated != null && stated.toLowerCase() !== sha256.toString('hex')) {
			await this.#forget(id);
			this.#datasets.noteUploadEnded('failed');
			throw problem('WRONG_SHA256', 'The bytes are not those whose sha256 was stated.');
		}
		if (to === INBOX) return this.#drop(id, user, filename ?? '', Number(bytes));
		const received = {
			name: filename ?? '',
			relativePath: relativePathOf(relativePath),
			corrects: corrects ?? null,
			link: link as string | null,
			bytes: Number(bytes),
			sha256,
		};
		const owner: User = {...user, name: '', role: 'user'};
		const dataset = await this.#datasets.adoptUpload(owner, id, received).catch(async (error: unknown) => {
			// Another instance was asked for the same, and was first.
			const meanwhile = isConflict(error) ? this.#find(id).dataset : null;
			if (typeof meanwhile === 'string') return {id: meanwhile};
			// It is never going to be taken.
			if (isFinal(error)) {
				await this.#forget(id);
				this.#datasets.noteUploadEnded('failed');
			}
			throw error;
		});
		await this.#datasets.removeIncoming(id);
		return {fileId: dataset.id};
	}

	async #drop(id: string, user: Pick<User, 'id'>, name: string, bytes: number): Promise<FinishedUpload> {
		if (this.#inbox === null) throw noInbox();
		const {drops, assertHarmless} = this.#inbox;
		const path = this.#pathOf(id);
		if (await isThere(path))
			await assertHarmless(path).catch(async (error: unknown) => {
				if (isFinal(error)) {
					await this.#forget(id);
					this.#datasets.noteUploadEnded('failed');
				}
				throw error;
			});
		await drops.adopt(path, id, name);
		const about = {name: nameOfUpload(name), bytes, source: 'tus'};
		await this.#datasets.noteDrop(user, about, {statement: 'finishDrop', values: [id], rows: 1});
		return {fileId: null};
	}

	/** Whether an upload may be a link to the bytes of a data set: what goes into the watched folder becomes a file that others move and change. */
	mayTakeKnown(id: string): boolean {
		const {to} = JSON.parse(String(this.#find(id).metadata)) as Record<string, string | null>;
		return to !== INBOX;
	}

	/**
	Takes the bytes of a file of the same account, which are the very same.

	@returns Where it is complete.
	*/
	async takeKnown(id: string, dataset: string, sha256: Buffer): Promise<FinishedUpload & {readonly bytes: number}> {
		const bytes = Number(this.#find(id).bytes);
		await this.#datasets.linkIncoming(id, dataset);
		await this.#ledger.commit({statement: 'setReceived', values: [bytes, Date.now(), id, null], rows: 1});
		return {...(await this.finish(id, sha256)), bytes};
	}

	/** @param onFault - Called with what keeps one from it; the others go on, and it is tried again. */
	async finishAll(which: 'all' | 'not-for-inbox', onFault: (error: unknown) => void): Promise<void> {
		// What has come in at this moment, another instance is at.
		const before = this.#ledger.shared === null ? Number.MAX_SAFE_INTEGER : Date.now() - LEFT_MS;
		const rows = this.#ledger.all(
			'SELECT id, metadata FROM uploads WHERE dataset IS NULL AND received_bytes = bytes AND touched_at < ?',
			before,
		);
		const open = new Set(rows.map(({id}) => String(id)));
		for (const id of this.#told.keys()) if (!open.has(id)) this.#told.delete(id);
		for (const {id, metadata} of rows) {
			const {to} = JSON.parse(String(metadata)) as Record<string, string | null>;
			if (which === 'not-for-inbox' && to === INBOX) continue;
			try {
				await this.finish(String(id));
			} catch (error) {
				// That the bytes are wrong was to be told to who sent them, and is so by their absence; others are tried again.
				if (!(error instanceof Problem) && this.#isNews(String(id), error)) onFault(error);
			}
		}
	}

	/** What keeps an upload from being finished is the same at each try, and is told once. */
	#isNews(id: string, error: unknown): boolean {
		const fault = messageOf(error);
		if (this.#told.get(id) === fault) return false;
		this.#told.set(id, fault);
		return true;
	}

	/** That have become nothing yet, whole or not. */
	unfinished(): readonly string[] {
		return this.#ledger.all('SELECT id FROM uploads WHERE dataset IS NULL').map(({id}) => String(id));
	}

	#pathOf(id: string): string {
		return this.#datasets.incomingPathOf(id);
	}

	/** @throws {Problem} */
	#find(id: string): Row {
		const row = this.#ledger.get('SELECT * FROM uploads WHERE id = ?', id);
		if (row === undefined) throw notFound('upload');
		return row;
	}

	async #forget(id: string, ...further: readonly ServerChange[]): Promise<void> {
		this.#hashes.forget(id);
		const received = Number(this.#find(id).received_bytes);
		await this.#ledger.commit({statement: 'removeUpload', values: [id]}, ...further);
		await this.#datasets.removeIncoming(id, received);
	}
}

/** What was complete so long ago and has become nothing, was left by a process that died. */
const LEFT_MS = 60_000;

/** Whether the bytes are to blame. */
const isFinal = (error: unknown): boolean =>
	error instanceof Problem && (error.code === 'WRONG_SHA256' || error.code === 'NOT_TAKEN');
