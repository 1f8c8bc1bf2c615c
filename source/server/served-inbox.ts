// A watched folder that is served beside the files of accounts: how it is doing, and files that are put into it.
import {createHash, randomUUID} from 'node:crypto';
import {chmod, copyFile, link, open, readdir, rename, rm, stat, writeFile} from 'node:fs/promises';
import {extname, join} from 'node:path';
import type {FolderLook} from '../model/watched-folder.ts';
import {syncFolder} from '../report/sync-folder.ts';
import {codeOf} from '../text/system-error.ts';
import {findNameFault, nameOfUpload} from './incoming-names.ts';
import {type Problem, problem} from './problem.ts';
import {tooLarge} from './storage-room.ts';

export interface ServedInbox {
	readonly look: () => FolderLook;
	/** Where files are dropped. */
	readonly unprocessed: string;
	/** Whether a file is taken only when there is another one with `.done` behind its name. */
	readonly needsMarker: boolean;
	/** Tags of the routes, in the order in which they are tried. */
	readonly tags: () => readonly string[];
	/**
	Has failed files tried again, which is kept until it has been done.

	@param tag - Of the route that they begin with; `null`: the one that fits.
	@returns The claims among these that can be tried again.
	*/
	readonly retry: (
		claims: readonly string[] | 'all-failed',
		options: {readonly tag: string | null; readonly isDryRun: boolean},
	) => Promise<readonly string[]>;
	/** No further file is taken until it is resumed, or the server begins again. */
	readonly pause: () => void;
	readonly resume: () => void;
}

/** It has come, and the watch does not see it yet. */
export interface Drop {
	readonly bytes: number;
	readonly sha256: string;
	/** Where it lies until then. */
	readonly path: string;
	/** @returns The name that it has in the inbox. */
	readonly publish: () => Promise<string>;
	/** Nothing of it is left. */
	readonly discard: () => Promise<void>;
}

export const noInbox = (): Problem => problem('NO_INBOX', 'The server was started without --watch <dir>.');

/** What the watch never takes, and nobody else writes. */
const PART = /^upload-[0-9a-f-]{36}\.part$/;
const partOf = (upload: string): string => `upload-${upload.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}.part`;
const MAX_SAME_NAMES = 1000;

export class InboxDrops {
	readonly #inbox: ServedInbox;
	readonly #maxBytes: number;

	constructor(inbox: ServedInbox, maxBytes: number) {
		this.#inbox = inbox;
		this.#maxBytes = maxBytes;
	}

	/**
	Removes what was coming in when a process died.

	@param uploads - May be on their way from where they have come in, so what there is of them stays.
	*/
	async tidy(uploads: readonly string[]): Promise<void> {
		const {unprocessed} = this.#inbox;
		const kept = new Set(uploads.map(partOf));
		for (const name of await readdir(unprocessed))
			if (PART.test(name) && !kept.has(name)) await rm(join(unprocessed, name), {force: true});
	}

	/** @throws {Problem} When it is too large, or no file of this name is taken. */
	async receive(given: string, chunks: AsyncIterable<Buffer>): Promise<Drop> {
		const name = nameOfUpload(given);
		this.assertName(given);
		const part = join(this.#inbox.unprocessed, `upload-${randomUUID()}.part`);
		const discard = (): Promise<void> => rm(part, {force: true});
		try {
			const received = await this.#write(part, chunks);
			return {...received, path: part, discard, publish: () => this.#publish(part, name)};
		} catch (error) {
			await discard();
			throw error;
		}
	}

	async #write(part: string, chunks: AsyncIterable<Buffer>): Promise<{bytes: number; sha256: string}> {
		const hash = createHash('sha256');
		const handle = await open(part, 'wx', 0o644);
		let bytes = 0;
		try {
			for await (const chunk of chunks) {
				bytes += chunk.length;
				if (bytes > this.#maxBytes) throw tooLarge(this.#maxBytes);
				hash.update(chunk);
				await handle.writeFile(chunk);
			}
			await handle.sync();
			return {bytes, sha256: hash.digest('hex')};
		} finally {
			await handle.close();
		}
	}

	/** @throws {Problem} Where no file of this name is taken. */
	assertName(given: string): void {
		const name = nameOfUpload(given);
		const fault = name.startsWith('.')
			? 'A watched folder takes no file whose name begins with a dot.'
			: findNameFault(name);
		if (fault !== null) throw problem('NOT_TAKEN', fault, {more: {reason: {code: 'JUNK_NAME', message: fault}}});
	}

	/**
	Puts a file that has come in elsewhere into the inbox, once: where a process has died on the way, it goes on from there.

	@param upload - Its 32 digits.
	*/
	async adopt(source: string, upload: string, given: string): Promise<void> {
		const part = join(this.#inbox.unprocessed, partOf(upload));
		if (await isThere(source)) await move(source, part);
		const known = await stat(part).catch(orMissing);
		// It is there already, and may have gone on.
		if (known === null) return;
		if (known.nlink === 1) return void (await this.#publish(part, nameOfUpload(given)));
		for (const name of await readdir(this.#inbox.unprocessed)) {
			const path = join(this.#inbox.unprocessed, name);
			if (path === part || (await stat(path).catch(orMissing))?.ino !== known.ino) continue;
			await this.#mark(name);
		}
		await rm(part, {force: true});
	}

	/** A link never replaces a file that is there: a further one of the same name gets a number. */
	async #publish(part: string, name: string): Promise<string> {
		const {unprocessed} = this.#inbox;
		const ending = extname(name.replace(/\.(?:gz|zst|br)$/i, '')) + (/\.(?:gz|zst|br)$/i.exec(name)?.[0] ?? '');
		const stem = name.slice(0, name.length - ending.length);
		for (let number = 1; number <= MAX_SAME_NAMES; number++) {
			const own = number === 1 ? name : `${stem} (${number})${ending}`;
			try {
				await link(part, join(unprocessed, own));
			} catch (error) {
				if (codeOf(error) === 'EEXIST') continue;
				throw error;
			}
			// As long as it has both names, it is known that it is there.
			await this.#mark(own);
			await rm(part, {force: true});
			await syncFolder(unprocessed);
			return own;
		}
		throw problem('CONFLICT', `The inbox has ${MAX_SAME_NAMES} files of this name already.`);
	}
	async #mark(name: string): Promise<void> {
		const {unprocessed, needsMarker} = this.#inbox;
		if (needsMarker) await writeFile(join(unprocessed, `${name}.done`), '', {flag: 'a'});
	}
}

const orMissing = (error: unknown): null => {
	if (codeOf(error) === 'ENOENT') return null;
	throw error;
};

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(orMissing)) !== null;

/** Also to another file system; the source is gone only when all of it is on the disk there. */
async function move(source: string, target: string): Promise<void> {
	await chmod(source, 0o644);
	try {
		await rename(source, target);
	} catch (error) {
		if (codeOf(error) !== 'EXDEV') throw error;
		await copyFile(source, target);
		const handle = await open(target);
		await handle.datasync().finally(() => handle.close());
		await rm(source, {force: true});
	}
}
