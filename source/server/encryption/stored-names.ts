// Under which names the files of a server lie: encrypted ones have an ending, those from before there was a key have none.
import {closeSync, mkdirSync, openSync, readdirSync, readSync} from 'node:fs';
import {join} from 'node:path';
import {ENCRYPTED_ENDING, HEADER_BYTES, type Keys, keyIdIn, keyIdOf} from '../../engine/shared/encryption.ts';
import {safe} from '../../text/safe.ts';
import {ServeError} from '../serve-error.ts';

/** Of the last bytes of an encrypted upload that is not complete, behind its id and how many bytes there are. */
const KEPT_NAME = /^(.+)\.(\d+)\.kept$/;

export class StoredNames {
	readonly folder: string;
	readonly isEncrypting: boolean;
	/** Ids of files that are not encrypted, where others are. */
	readonly #plain = new Set<string>();

	constructor(folder: string, isEncrypting: boolean) {
		this.folder = folder;
		this.isEncrypting = isEncrypting;
		mkdirSync(folder, {recursive: true, mode: 0o700});
		if (!isEncrypting) return;
		for (const name of readdirSync(folder)) if (!name.includes('.')) this.#plain.add(name);
	}

	get plainCount(): number {
		return this.#plain.size;
	}

	isEncrypted(id: string): boolean {
		return this.isEncrypting && !this.#plain.has(id);
	}

	pathOf(id: string): string {
		return join(this.folder, this.isEncrypted(id) ? id + ENCRYPTED_ENDING : id);
	}

	/** What lies beside an encrypted upload of so many bytes. */
	keptPathOf(id: string, bytes: number): string {
		return join(this.folder, `${id}.${bytes}.kept`);
	}

	/** Of a file that comes as it is. */
	addPlain(id: string): void {
		if (this.isEncrypting) this.#plain.add(id);
	}

	remove(id: string): void {
		this.#plain.delete(id);
	}
}

/** Of which file a name is; `bytes` is `null` where it is the file itself. */
export function idOfName(name: string): {readonly id: string; readonly bytes: number | null} {
	const [, id = '', bytes = ''] = KEPT_NAME.exec(name) ?? [];
	if (id !== '') return {id, bytes: Number(bytes)};
	return {id: name.endsWith(ENCRYPTED_ENDING) ? name.slice(0, -ENCRYPTED_ENDING.length) : name, bytes: null};
}

/**
Looks at the keys of what is encrypted before anything is read. With one file of them they are the right ones: another file that names another key is
damaged, or came from elsewhere, and is told of when it is read.

@throws {ServeError} Where all files are of other keys, or there are encrypted ones and no key.
*/
export function assertKeyFits(folders: readonly string[], keys: Keys | null): void {
	const wanted = keys?.map(key => keyIdOf(key).toString('hex')) ?? null;
	let other: {readonly path: string; readonly keyId: string} | null = null;
	for (const folder of folders)
		for (const name of namesIn(folder)) {
			if (!name.endsWith(ENCRYPTED_ENDING)) continue;
			if (wanted === null)
				throw new ServeError(
					`${safe(folder)} has encrypted files, and there is no key: name the file of the key they were written with by --encryption-key-file.`,
				);
			const path = join(folder, name);
			const keyId = keyIdIn(readHeader(path));
			if (keyId !== null && wanted.includes(keyId)) return;
			if (keyId !== null) other ??= {path, keyId};
		}
	if (other === null) return;
	throw new ServeError(
		`${safe(other.path)} is encrypted by another key: expected the one known by ${other.keyId}, but --encryption-key-file has ${wanted?.join(', ')}. Add the key it was written with to that file, in a line of its own behind the first one.`,
	);
}

/** How many files of a server are encrypted, and how many are not. */
export function countEncrypted(folder: string): {readonly encrypted: number; readonly plain: number} {
	const names = namesIn(folder);
	const encrypted = names.filter(name => name.endsWith(ENCRYPTED_ENDING)).length;
	return {encrypted, plain: names.length - encrypted};
}

function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}

function readHeader(path: string): Uint8Array {
	const header = new Uint8Array(HEADER_BYTES);
	const descriptor = openSync(path, 'r');
	try {
		return header.subarray(0, readSync(descriptor, header, 0, HEADER_BYTES, 0));
	} finally {
		closeSync(descriptor);
	}
}
