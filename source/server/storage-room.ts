// How much room an account has for files: what it has stored, has announced, and is sending at this moment.
import type {ServerLedger} from '../ledger/server-ledger.ts';
import type {User} from './accounts.ts';
import type {LinkBounds} from './drop-links.ts';
import type {SpentRoom} from './notices/occasions.ts';
import {type Problem, problem} from './problem.ts';
import {INBOX_DROPS_MS} from './retention.ts';

export interface RoomLimits {
	/** Of a file. */
	readonly maxBytes: number;
	/** Of an account; `null`: there is none. */
	readonly quotaBytes: number | null;
	readonly quotaFiles: number | null;
	/** Called when somebody is refused because of it. */
	readonly onQuotaExceeded?: (user: User, room: SpentRoom) => void;
}

export interface Usage {
	readonly files: number;
	readonly bytes: number;
}

export interface Arriving {
	readonly account: string;
	/** Of the upload that it is or becomes, or of the data set; `null`: it becomes none. */
	readonly id: string | null;
	/** The id of the link that it comes by; `null`: by none. */
	readonly link: string | null;
	/** In all. */
	bytes: number;
}

export class StorageRoom {
	readonly #ledger: ServerLedger;
	readonly #limits: RoomLimits;
	/** What is coming in at this moment, of each account: others must not be given the same room. */
	readonly #arriving = new Set<Arriving>();

	constructor(ledger: ServerLedger, limits: RoomLimits) {
		this.#ledger = ledger;
		this.#limits = limits;
	}

	/**
	Does what takes room while nobody else is given the same room.

	@param id - See `Arriving`.
	@param bytes - That are to come, as far as it is known.
	@throws {Problem} When they are more than the account may have.
	*/
	async hold<Result>(
		user: User,
		{id, bytes}: {readonly id: string | null; readonly bytes: number},
		work: (arriving: Arriving) => Promise<Result>,
	): Promise<Result> {
		this.assertFits(user, bytes);
		const arriving: Arriving = {account: user.id, id, link: user.link?.id ?? null, bytes};
		this.#arriving.add(arriving);
		try {
			return await work(arriving);
		} finally {
			this.#arriving.delete(arriving);
		}
	}

	/**
	The same for an upload that is counted already, with what has come of it, and is to have more.

	@param to - Where it ends then, as far as it is known.
	@param work - Called with what is to be told where it ends by now.
	@throws {Problem}
	*/
	async extend<Result>(
		user: User,
		{id, from, to}: {readonly id: string; readonly from: number; readonly to: number},
		work: (assertMayReach: (end: number) => void) => Promise<Result>,
	): Promise<Result> {
		this.#assertMayEndAt(to);
		this.assertBytesFit(user, to - from);
		const arriving: Arriving = {account: user.id, id, link: user.link?.id ?? null, bytes: to};
		this.#arriving.add(arriving);
		try {
			return await work(end => {
				if (end <= arriving.bytes) return;
				arriving.bytes = end;
				this.#assertMayEndAt(end);
				if (this.isBounded(user)) this.assertBytesFit(user, 0);
			});
		} finally {
			this.#arriving.delete(arriving);
		}
	}

	#assertMayEndAt(bytes: number): void {
		if (bytes > this.#limits.maxBytes) throw tooLarge(this.#limits.maxBytes);
	}

	/**
	@param bytes - That are about to come.
	@throws {Problem} When they would be more than the account may have.
	*/
	assertFits(user: User, bytes: number): void {
		const {quotaFiles} = this.#limits;
		this.#assertMayEndAt(bytes);
		const {files} = this.assertBytesFit(user, bytes);
		if (quotaFiles !== null && files >= quotaFiles)
			throw this.#quotaExceeded(user, 'There is no room for another file');
		if (user.link !== undefined && this.#usageOfLink(user.link).files >= user.link.maxFiles)
			throw linkSpent(user.link, this.#usageOfLink(user.link));
	}

	/** Whether there is a bound that bytes must be counted for as they come. */
	isBounded({link}: User): boolean {
		return this.#limits.quotaBytes !== null || link !== undefined;
	}

	/** @throws {Problem} When they would be more than the account may have. */
	assertBytesFit(user: User, bytes: number): Usage {
		const {quotaBytes} = this.#limits;
		const usage = this.usageOf(user);
		if (user.link !== undefined) {
			const ofLink = this.#usageOfLink(user.link);
			if (ofLink.bytes + bytes > user.link.maxBytes) throw linkSpent(user.link, ofLink);
		}
		if (quotaBytes !== null && usage.bytes + bytes > quotaBytes)
			throw this.#quotaExceeded(user, `There is no room for ${bytes > 0 ? `${bytes} more bytes` : 'so many bytes'}`);
		return usage;
	}

	/** The same bytes, which are counted as they come. @throws {Problem} When they are more than the account may have. */
	async *count(user: User, arriving: Arriving, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
		for await (const chunk of chunks) {
			arriving.bytes += chunk.length;
			if (this.isBounded(user)) this.assertBytesFit(user, 0);
			yield chunk;
		}
	}

	#quotaExceeded(user: User, fault: string): Problem {
		const {quotaBytes, quotaFiles} = this.#limits;
		const {bytes, files} = this.#stored(user);
		const room = {used_bytes: bytes, quota_bytes: quotaBytes, used_files: files, quota_files: quotaFiles};
		this.#limits.onQuotaExceeded?.(user, room);
		// What the account has is nobody else's business.
		if (user.link !== undefined)
			return problem('QUOTA_EXCEEDED', 'Who has made the link has no room for more files: tell them so.');
		return problem('QUOTA_EXCEEDED', `${fault}: remove files, or wait until some expire.`, {more: {...room}});
	}

	/** What an account has stored, has announced, and is sending. */
	usageOf(user: User): Usage {
		const {files, bytes} = this.#stored(user);
		const arriving = this.#arrivingOf(({account}) => account === user.id);
		return {files: files + arriving.files, bytes: bytes + arriving.bytes};
	}

	/** What is in the ledger already, of which its thread has not told yet, is counted there. */
	#arrivingOf(isMeant: (arriving: Arriving) => boolean): Usage {
		const usage = {files: 0, bytes: 0};
		for (const each of this.#arriving) {
			if (!isMeant(each)) continue;
			const stored = each.id === null ? undefined : this.#ledger.get(STORED_BYTES, each.id);
			if (stored === undefined) usage.files++;
			usage.bytes += Math.max(0, each.bytes - Number(stored?.bytes ?? 0));
		}
		return usage;
	}

	/** What has come by a link counts also when it has been removed since. */
	#usageOfLink({id}: LinkBounds): Usage {
		const row = this.#ledger.get(
			`SELECT count(*) AS files, total(bytes) AS bytes FROM (SELECT bytes FROM datasets WHERE link = ?1
				UNION ALL SELECT ${BYTES_OF_UPLOAD} FROM uploads WHERE link = ?1 AND dataset IS NULL)`,
			id,
		);
		const arriving = this.#arrivingOf(({link}) => link === id);
		return {
			files: Number(row?.files) + arriving.files,
			bytes: Number(row?.bytes) + arriving.bytes,
		};
	}

	#stored({id}: User): Usage {
		const row = this.#ledger.get(
			`SELECT count(*) AS files, total(bytes) AS bytes FROM (
				SELECT bytes FROM datasets WHERE account = ?1 AND state = 'stored'
				UNION ALL SELECT ${BYTES_OF_UPLOAD} FROM uploads WHERE account = ?1 AND dataset IS NULL
				UNION ALL SELECT bytes FROM inbox_drops WHERE account = ?1 AND dropped_at > ?2)`,
			...[id, Date.now() - INBOX_DROPS_MS],
		);
		return {files: Number(row?.files), bytes: Number(row?.bytes)};
	}
}

/** One whose length is still to be declared takes what has come of it. */
const BYTES_OF_UPLOAD = 'max(bytes, received_bytes)';

const STORED_BYTES = `SELECT ${BYTES_OF_UPLOAD} AS bytes FROM uploads WHERE id = ?1 UNION ALL SELECT bytes FROM datasets WHERE id = ?1`;

const linkSpent = ({maxBytes, maxFiles}: LinkBounds, {bytes, files}: Usage): Problem =>
	problem(
		'QUOTA_EXCEEDED',
		`By this link ${maxFiles} files with ${maxBytes} bytes may come at most: ask for another one.`,
		{
			more: {used_bytes: bytes, quota_bytes: maxBytes, used_files: files, quota_files: maxFiles},
		},
	);

export const tooLarge = (maxBytes: number): Problem =>
	problem('TOO_LARGE', `A file may have ${maxBytes} bytes at most.`, {
		more: {max_upload_bytes: maxBytes},
	});
