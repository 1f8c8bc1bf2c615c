// Links by which somebody without an account sends files to one that has made it: for a time, so many bytes and files, and nothing else.
import type {ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import type {User} from './accounts.ts';
import {auditLine} from './audit/audit-line.ts';
import {createId, createSecret, hashSecret} from './ids.ts';
import {isGranted} from './oidc/grants.ts';
import {notFound, problem} from './problem.ts';
import {mayCall, type Role} from './roles.ts';

/** What a link may still take in is counted against this. */
export interface LinkBounds {
	readonly id: string;
	readonly maxBytes: number;
	readonly maxFiles: number;
}

export interface DropLink extends LinkBounds {
	/** What it is for, in words of who made it; who uses it sees them. */
	readonly name: string;
	readonly createdAt: number;
	readonly expiresAt: number;
	/** To the minute; `null`: it has not been used. */
	readonly usedAt: number | null;
	/** What has come by it, also what has gone since. */
	readonly usedBytes: number;
	readonly usedFiles: number;
}

export interface LinkRequest {
	readonly name: string;
	readonly maxBytes: number;
	readonly maxFiles: number;
	readonly lifetimeMs: number;
}

/** A file that has come by a link. */
export interface DroppedFile {
	readonly number: number;
	readonly name: string;
	readonly bytes: number;
	readonly sha256: string;
	readonly receivedAt: number;
}

export const LINK_PREFIX = 'fpd_';
/** More than anybody keeps an eye on. */
const MAX_LINKS = 100;
const USE_STEP_MS = 60_000;

const LINKS = `SELECT drop_links.id, drop_links.name, max_bytes, max_files, drop_links.created_at, expires_at, used_at,
	(SELECT count(*) FROM datasets WHERE link = drop_links.id) AS files, (SELECT total(bytes) FROM datasets WHERE link = drop_links.id) AS bytes
	FROM drop_links`;

export class DropLinks {
	readonly #ledger: ServerLedger;
	readonly #onFault: (error: unknown) => void;

	/** @param onFault - Called when a use could not be written down, which keeps nobody out. */
	constructor(ledger: ServerLedger, onFault: (error: unknown) => void) {
		this.#ledger = ledger;
		this.#onFault = onFault;
	}

	/**
	@param maker - The id of what makes it, with which it ends where a provider of logins ends that.
	@returns The secret, too, which is not kept.
	@throws {Problem} Where there are too many.
	*/
	async create(
		{id: account}: User,
		{name, maxBytes, maxFiles, lifetimeMs}: LinkRequest,
		maker: string | null,
	): Promise<DropLink & {readonly secret: string}> {
		const [id, secret, createdAt] = [createId('l'), createSecret(LINK_PREFIX), Date.now()];
		const expiresAt = createdAt + lifetimeMs;
		const values = [hashSecret(secret), id, account, name, maxBytes, maxFiles, createdAt, expiresAt, MAX_LINKS, maker];
		try {
			await this.#ledger.commit(
				{statement: 'addDropLink', values, rows: 1},
				auditLine({action: 'make-drop-link', subject: id, details: {name, max_bytes: maxBytes, max_files: maxFiles}}),
			);
		} catch (error) {
			if (!isConflict(error)) throw error;
			throw problem('TOO_MANY_LINKS', `The account has ${MAX_LINKS} links: withdraw one first.`);
		}
		return {...{id, name, maxBytes, maxFiles, createdAt, expiresAt, usedAt: null, usedBytes: 0, usedFiles: 0}, secret};
	}

	/** `null`: there is no such link, or not any more, or its account may take in no files any more. */
	find(secret: string): {readonly owner: User; readonly link: LinkBounds} | null {
		const [hash, now] = [hashSecret(secret), Date.now()];
		const row = this.#ledger.get(
			`SELECT accounts.id AS account, accounts.name AS owner, role, drop_links.id, max_bytes, max_files, used_at FROM drop_links
			JOIN accounts ON accounts.id = drop_links.account WHERE hash = ?1 AND expires_at > ?2 AND is_disabled = 0 AND ${isGranted('drop_links')}`,
			...[hash, now],
		);
		if (row === undefined || !mayCall(row.role as Role, 'uploader')) return null;
		if (now - Number(row.used_at ?? 0) >= USE_STEP_MS)
			this.#ledger.commit({statement: 'useDropLink', values: [now, hash]}).catch(this.#onFault);
		return {
			owner: {id: String(row.account), name: String(row.owner), role: 'uploader'},
			link: {id: String(row.id), maxBytes: Number(row.max_bytes), maxFiles: Number(row.max_files)},
		};
	}

	/** Those that can be used, the newest one first. */
	list({id: account}: User): readonly DropLink[] {
		return this.#ledger
			.all(`${LINKS} WHERE account = ? AND expires_at > ? ORDER BY created_at DESC, id`, account, Date.now())
			.map(toLink);
	}

	/** @throws {Problem} Where there is none, or not any more. */
	look(id: string): DropLink {
		const row = this.#ledger.get(`${LINKS} WHERE id = ?`, id);
		if (row === undefined) throw notFound('link');
		return toLink(row);
	}

	/** The newest first. @param before - The number of the last one of the page before. */
	filesOf(id: string, before: number | null, limit: number): readonly DroppedFile[] {
		const rows = this.#ledger.all(
			'SELECT number, name, bytes, sha256, received_at FROM datasets WHERE link = ? AND number < ? ORDER BY number DESC LIMIT ?',
			...[id, before ?? Number.MAX_SAFE_INTEGER, limit],
		);
		return rows.map(row => ({
			...{number: Number(row.number), name: String(row.name), bytes: Number(row.bytes)},
			sha256: Buffer.from(row.sha256 as Uint8Array).toString('hex'),
			receivedAt: Number(row.received_at),
		}));
	}

	/**
	What has come stays.

	@throws {Problem} Where the account has no such link.
	*/
	async remove({id: account}: User, id: string): Promise<void> {
		try {
			await this.#ledger.commit(
				{statement: 'removeDropLink', values: [id, account], rows: 1},
				auditLine({action: 'withdraw-drop-link', subject: id}),
			);
		} catch (error) {
			throw isConflict(error) ? notFound('link') : error;
		}
	}
}

const toLink = (row: Readonly<Record<string, unknown>>): DropLink => ({
	...{id: String(row.id), name: String(row.name), maxBytes: Number(row.max_bytes), maxFiles: Number(row.max_files)},
	...{createdAt: Number(row.created_at), expiresAt: Number(row.expires_at)},
	usedAt: row.used_at === null ? null : Number(row.used_at),
	...{usedBytes: Number(row.bytes), usedFiles: Number(row.files)},
});
