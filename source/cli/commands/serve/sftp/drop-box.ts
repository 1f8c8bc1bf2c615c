// The folders of somebody who comes by SFTP: their own files on the server, as `shown-files.ts` shows them. Each of it is a request to the server, so that
// roles, quotas, scanners and audit lines are those of any other client.
import {setTimeout as wait} from 'node:timers/promises';
import {ClientError} from '../../../../client/client-error.ts';
import type {Connection} from '../../../../client/connection.ts';
import {mayCall, type Role} from '../../../../server/roles.ts';
import {listingOf} from '../../../../ssh/sftp/listing.ts';
import {noSuchFile, type SftpPath, SftpRefusal, type SftpTarget, type SftpTree} from '../../../../ssh/sftp/tree.ts';
import {formatInteger} from '../../../../text/format.ts';
import {refusalOf} from './refusal-of.ts';
import {openSource} from './remote-source.ts';
import {openTarget} from './remote-target.ts';
import {type FileView, type ResultView, type ShownFiles, showFiles} from './shown-files.ts';

/** Clients ask for each file of a folder, one after the other. */
const FRESH_MS = 1000;
/** To read very many files takes a while: at most a tenth of the time is spent on it, however often files come and a client asks. */
const SHARE = 10;
/** What is read so fast is read at once where the client itself has changed it. */
const SOON_MS = 100;
const PAGE = 1000;
const MAX_SHOWN = 10_000;
const MAX_FOLDERS = 10_000;

interface Reading {
	readonly at: number;
	readonly files: Promise<ShownFiles>;
	/** What it took; `null`: they are still being read. */
	readMs: number | null;
	/** Whether something has changed since it began. */
	isStale: boolean;
}

export interface DropBoxOptions {
	readonly role: Role;
	/** Aborted when the session is over. */
	readonly signal: AbortSignal;
	/** Called with what people should read. */
	readonly tell: (sentence: string) => void;
	/** Of the files, and of the results. */
	readonly maxShown?: number;
}

export class DropBox implements SftpTree {
	readonly #connection: Connection;
	readonly #role: Role;
	readonly #signal: AbortSignal;
	readonly #tell: (sentence: string) => void;
	readonly #maxShown: number;
	/** That were made here, and have no file yet. */
	readonly #folders = new Set<string>();
	readonly #finishing = new Set<Promise<void>>();
	#shown: Reading | null = null;
	#hasToldOfMore = false;

	constructor(connection: Connection, {role, signal, tell, maxShown = MAX_SHOWN}: DropBoxOptions) {
		this.#connection = connection;
		this.#maxShown = maxShown;
		this.#role = role;
		this.#signal = signal;
		this.#tell = tell;
	}

	async stat(path: SftpPath) {
		return (await this.#files()).stat(path);
	}

	async list(path: SftpPath) {
		return listingOf((await this.#files()).list(path));
	}

	async openToRead(path: SftpPath) {
		const files = await this.#files();
		return openSource(this.#connection, files.find(path).url, files.stat(path));
	}

	async openToWrite(path: SftpPath): Promise<SftpTarget> {
		this.#assertMayPut(path);
		const [, ...names] = path;
		if (names.length === 0) throw new SftpRefusal('FAILURE', 'It is a folder.');
		if (!(await this.#files()).isFolder(path.slice(0, -1))) throw noSuchFile();
		const target = openTarget(
			stream =>
				this.#connection.ask<{readonly file_id: string}>(
					...(['PUT', `/api/v1/files/${encodeURIComponent(names.join('/'))}`] as const),
					{stream, timeoutMs: 0},
				),
			async ({body}) => {
				this.#hasChanged();
				if (mayCall(this.#role, 'user')) await this.#start(body.file_id);
				this.#hasChanged();
			},
		);
		const finish = (): Promise<void> => {
			const finished = target.finish();
			this.#finishing.add(finished);
			return finished.finally(() => this.#finishing.delete(finished));
		};
		return {...target, finish};
	}

	async makeFolder(path: SftpPath): Promise<void> {
		this.#assertMayPut(path);
		const files = await this.#files();
		if (files.isFolder(path)) throw new SftpRefusal('FAILURE', 'It is there already.', false);
		if (!files.isFolder(path.slice(0, -1))) throw noSuchFile();
		if (this.#folders.size >= MAX_FOLDERS)
			throw new SftpRefusal('FAILURE', `${MAX_FOLDERS} folders may be made at once.`);
		this.#folders.add(path.join('/'));
		files.addFolder(path);
	}

	/** What has come whole is still given to its task. */
	close(): Promise<void> {
		return Promise.allSettled(this.#finishing).then(() => this.#connection.close());
	}

	#assertMayPut([folder]: SftpPath): void {
		if (folder !== 'unprocessed') throw new SftpRefusal('PERMISSION_DENIED', 'Files go into unprocessed/.');
		if (!mayCall(this.#role, 'uploader'))
			throw new SftpRefusal('PERMISSION_DENIED', `The role ${this.#role} may not send files in.`);
	}

	/** As many tasks may wait as the server lets one account have: who sends more waits with them. */
	async #start(file: string): Promise<void> {
		for (;;) {
			try {
				await this.#connection.ask('POST', '/api/v1/run', {json: {file_id: file}});
				return;
			} catch (error) {
				if (!(error instanceof ClientError && error.mayPass) || this.#signal.aborted) throw refusalOf(error);
				await wait(error.retryAfterMs ?? 1000, undefined, {signal: this.#signal}).catch(() => {});
			}
		}
	}

	#tellOfMore(): void {
		if (!this.#hasToldOfMore)
			this.#tell(
				`Only the newest ${formatInteger(this.#maxShown)} files and results are shown here; ssh <host> files lists all.`,
			);
		this.#hasToldOfMore = true;
	}

	#hasChanged(): void {
		if (this.#shown !== null) this.#shown.isStale = true;
	}

	#files(): Promise<ShownFiles> {
		const now = performance.now();
		if (this.#shown?.readMs === null) {
			const {files, isStale} = this.#shown;
			const again = (): Promise<ShownFiles> => this.#files();
			return isStale ? files.then(again, again) : files;
		}
		if (this.#shown !== null && now < freshUntil(this.#shown, this.#shown.readMs)) return this.#shown.files;
		const files = this.#read();
		const shown: Reading = {at: now, files, readMs: null, isStale: false};
		this.#shown = shown;
		files.then(
			() => {
				shown.readMs = performance.now() - now;
			},
			() => {
				if (this.#shown === shown) this.#shown = null;
			},
		);
		return files;
	}

	async #read(): Promise<ShownFiles> {
		const [files, results] = await Promise.all([
			this.#newest<FileView>('files', 'oldest-first'),
			this.#newest<ResultView>('results', 'newest-first'),
		]);
		const shown = showFiles(files, results);
		for (const path of this.#folders) shown.addFolder(path.split('/'));
		return shown;
	}

	/**
	@param order - That the server lists them in.
	@returns The newest first, and no more than are shown.
	*/
	async #newest<Item>(list: 'files' | 'results', order: 'oldest-first' | 'newest-first'): Promise<Item[]> {
		let items: Item[] = [];
		let cursor: string | null = null;
		do {
			const query: URLSearchParams = new URLSearchParams({limit: `${PAGE}`, ...(cursor !== null && {cursor})});
			type Page = Readonly<Record<typeof list, readonly Item[]>> & {readonly next_cursor: string | null};
			const {body} = await this.#connection.ask<Page>('GET', `/api/v1/${list}?${query}`).catch((error: unknown) => {
				throw refusalOf(error);
			});
			items.push(...body[list]);
			cursor = body.next_cursor;
			if (items.length <= this.#maxShown) continue;
			this.#tellOfMore();
			items = order === 'oldest-first' ? items.slice(-this.#maxShown) : items.slice(0, this.#maxShown);
			if (order === 'newest-first') break;
		} while (cursor !== null);
		return order === 'oldest-first' ? items.reverse() : items;
	}
}

function freshUntil({at, isStale}: Reading, readMs: number): number {
	if (isStale && readMs < SOON_MS) return at;
	return at + Math.max(FRESH_MS, readMs * SHARE);
}
