// Files of the server as they were sent in, whether they are encrypted on the disk or not.
import {createReadStream} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {Readable} from 'node:stream';
import {FRAME_BYTES, keysFor} from '../../engine/shared/encryption.ts';
import {openRegularFile, type RegularFile} from '../../engine/shared/regular-file.ts';

/** An open file: someone must close it, or read a stream of it to its end, which closes it. */
export interface StoredFile {
	readonly size: number;
	/** It closes the file with itself, also where its reader has gone. */
	readonly stream: (start: number, end: number) => Readable;
	readonly bytes: () => AsyncIterable<Uint8Array>;
	readonly close: () => Promise<void>;
}

export async function openStored(path: string): Promise<StoredFile> {
	return keysFor(path) === null ? plainFile(await open(path)) : encryptedFile(openRegularFile(path));
}

/** All of a file. */
export async function* readStored(path: string): AsyncGenerator<Uint8Array, void> {
	const file = await openStored(path);
	try {
		yield* file.bytes();
	} finally {
		await file.close();
	}
}

async function plainFile(handle: FileHandle): Promise<StoredFile> {
	try {
		const {size} = await handle.stat();
		return {
			size,
			stream: (start, end) => createReadStream('', {fd: handle, start, end: end - 1}),
			bytes: () => handle.createReadStream({autoClose: false, start: 0}) as AsyncIterable<Buffer>,
			close: () => handle.close(),
		};
	} catch (error) {
		await handle.close();
		throw error;
	}
}

function encryptedFile(file: RegularFile): StoredFile {
	const {size} = file.stats;
	return {
		size,
		stream: (start, end) => {
			const stream = Readable.from(piecesOf(file, start, end), {objectMode: false});
			stream.once('close', () => file.close());
			return stream;
		},
		bytes: () => piecesOf(file, 0, size),
		close: async () => file.close(),
	};
}

async function* piecesOf(file: RegularFile, start: number, end: number): AsyncGenerator<Uint8Array, void> {
	for (let at = start; at < end; ) {
		// Up to the end of a frame, so that none is decrypted twice.
		const next = Math.min(end, at - (at % FRAME_BYTES) + FRAME_BYTES);
		yield file.readBytes(at, next);
		at = next;
	}
}
