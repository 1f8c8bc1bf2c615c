// A file that comes in, as it is or encrypted, perhaps in pieces: what has been acknowledged is never lost, and of an encrypted one nothing lies on the
// disk in plain. Whole frames go to their places. The last bytes so far lie beside the file until more comes, in a file that is named by how many bytes
// there are in all: so a frame is never written anew that is all there is of acknowledged bytes.
import {type FileHandle, open, rm} from 'node:fs/promises';
import {
	createHeader,
	FRAME_BYTES,
	FrameCipher,
	HEADER_BYTES,
	type Keys,
	offsetOfFrame,
} from '../../engine/shared/encryption.ts';
import {FolderSync} from '../../report/folder-sync.ts';
import type {WritableHandle} from '../gathering-writer.ts';
import type {StoredNames} from './stored-names.ts';

export interface IncomingFile {
	readonly handle: WritableHandle;
	/** Resolves when all up to there is on the disk. */
	readonly settle: (end: number, isComplete: boolean) => Promise<void>;
	/** What was settled has been acknowledged: what lies there of before is removed. */
	readonly forgetEarlier: () => Promise<void>;
	/** Removes what has come since it was opened. */
	readonly rollBack: () => Promise<void>;
	readonly close: () => Promise<void>;
}

interface Place {
	readonly names: StoredNames;
	readonly id: string;
	/** `null`: files come as they are. */
	readonly keys: Keys | null;
}

/** @returns Its path. */
export async function createIncoming({names, id, keys}: Place, isEmpty: boolean): Promise<string> {
	const path = names.pathOf(id);
	const handle = await open(path, 'wx', 0o600);
	try {
		if (keys === null || !names.isEncrypted(id)) return path;
		const header = createHeader(keys);
		const empty = isEmpty ? new FrameCipher(keys, header).encrypt(Buffer.alloc(0), 0, 'last') : Buffer.alloc(0);
		await writeAll(handle, Buffer.concat([header, empty]), 0);
		await handle.datasync();
		return path;
	} finally {
		await handle.close();
	}
}

/**
@param offset - Where it goes on: so much of it has been acknowledged.
@param isComplete - Whether that is all of it.
*/
export async function openIncoming(place: Place, offset: number, isComplete: boolean): Promise<IncomingFile> {
	const {names, id, keys} = place;
	const handle = await open(names.pathOf(id), 'r+');
	if (keys === null || !names.isEncrypted(id))
		return {
			handle,
			settle: () => handle.datasync(),
			forgetEarlier: async () => {},
			rollBack: () => handle.truncate(offset),
			close: () => handle.close(),
		};
	try {
		return await EncryptedIncoming.open({...place, keys}, handle, offset, isComplete);
	} catch (error) {
		await handle.close();
		throw error;
	}
}

/** Whole frames that are in their places when so many bytes of an upload have come that is not complete: at least one byte lies beside. */
const framesBefore = (bytes: number): number => Math.max(0, Math.ceil(bytes / FRAME_BYTES) - 1);

/** How much of an encrypted upload that is not complete is in its file. */
export const storedBytesOf = (bytes: number): number => offsetOfFrame(framesBefore(bytes));

class EncryptedIncoming implements IncomingFile {
	readonly #place: Place;
	readonly #file: FileHandle;
	readonly #cipher: FrameCipher;
	readonly #offset: number;
	readonly #wasComplete: boolean;
	/** The frame that is being filled. */
	#frame: number;
	readonly #text = Buffer.alloc(FRAME_BYTES);
	#filled = 0;
	#keptPath: string | null = null;
	readonly handle: WritableHandle = {
		writev: pieces => this.#take(pieces),
		write: (bytes, start, length) => this.#take([bytes.subarray(start, start + length)]),
	};

	static async open(
		place: Place & {readonly keys: Keys},
		file: FileHandle,
		offset: number,
		wasComplete: boolean,
	): Promise<EncryptedIncoming> {
		const {buffer: header} = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
		const incoming = new EncryptedIncoming(place, file, new FrameCipher(place.keys, header), offset, wasComplete);
		if (offset > 0 && !wasComplete) await incoming.#loadKept();
		return incoming;
	}

	private constructor(place: Place, file: FileHandle, cipher: FrameCipher, offset: number, wasComplete: boolean) {
		this.#place = place;
		this.#file = file;
		this.#cipher = cipher;
		this.#offset = offset;
		this.#wasComplete = wasComplete;
		this.#frame = framesBefore(offset);
	}

	async settle(end: number, isComplete: boolean): Promise<void> {
		const text = this.#text.subarray(0, this.#filled);
		if (isComplete) {
			await this.#write(this.#cipher.encrypt(text, this.#frame, 'last'));
			await this.#file.datasync();
			return;
		}
		await this.#file.datasync();
		if (end === this.#offset) return;
		const {names, id} = this.#place;
		this.#keptPath = names.keptPathOf(id, end);
		const kept = await open(this.#keptPath, 'w', 0o600);
		try {
			await writeAll(kept, this.#cipher.encrypt(text, this.#frame, 'kept'), 0);
			await kept.datasync();
		} finally {
			await kept.close();
		}
		await new FolderSync().sync(names.folder);
	}

	async forgetEarlier(): Promise<void> {
		const {names, id} = this.#place;
		await rm(names.keptPathOf(id, this.#offset), {force: true});
	}

	async rollBack(): Promise<void> {
		if (this.#wasComplete) return;
		await this.#file.truncate(storedBytesOf(this.#offset));
		if (this.#keptPath !== null) await rm(this.#keptPath, {force: true});
	}

	close(): Promise<void> {
		return this.#file.close();
	}

	async #loadKept(): Promise<void> {
		const {names, id} = this.#place;
		const handle = await open(names.keptPathOf(id, this.#offset));
		try {
			this.#filled = this.#cipher.decrypt(await handle.readFile(), this.#frame, 'kept').copy(this.#text);
		} finally {
			await handle.close();
		}
	}

	/** A frame that is full is written when more comes: else it may be the last one. */
	async #take(pieces: readonly Uint8Array[]): Promise<{bytesWritten: number}> {
		let bytesWritten = 0;
		for (const piece of pieces)
			for (let start = 0; start < piece.length; ) {
				if (this.#filled === FRAME_BYTES) {
					await this.#write(this.#cipher.encrypt(this.#text, this.#frame, 'inner'));
					this.#frame++;
					this.#filled = 0;
				}
				const some = piece.subarray(start, start + FRAME_BYTES - this.#filled);
				this.#text.set(some, this.#filled);
				this.#filled += some.length;
				start += some.length;
				bytesWritten += some.length;
			}
		return {bytesWritten};
	}

	#write(stored: Buffer): Promise<void> {
		return writeAll(this.#file, stored, offsetOfFrame(this.#frame));
	}
}

async function writeAll(handle: FileHandle, bytes: Buffer, offset: number): Promise<void> {
	for (let written = 0; written < bytes.length; )
		written += (await handle.write(bytes, written, bytes.length - written, offset + written)).bytesWritten;
}
