// Sends a file in pieces by tus 1.0: each piece with its checksum, from where the server's copy ends, across cut connections, restarts of either side,
// and repetitions. Nothing is kept here for that: the server knows an upload again by a key that is made of the name and the bytes.
import {createHash} from 'node:crypto';
import {type FileHandle, open} from 'node:fs/promises';
import {type Patience, untilItGoesWell} from './backoff.ts';
import {ClientError, unexpectedAnswer} from './client-error.ts';
import type {Connection, Reply} from './connection.ts';

export interface FileToSend {
	readonly path: string | Buffer;
	/** What the server is to call it, without folders. */
	readonly name: string;
	/** Where it lies in the folder that is sent, `2026/11/a.csv`; left out: it is sent by itself. */
	readonly relativePath?: string;
}

export interface UploadOptions extends Patience {
	/** Bytes that are on the server's disk, or on their way; goes back where a connection is cut. `bytesTotal` is that of the file. */
	readonly onProgress?: (bytesSent: number, bytesTotal: number) => void;
}

export interface UploadedFile {
	readonly fileId: string;
	readonly bytes: number;
	/** Of the whole file, in hex. */
	readonly sha256: string;
	/** Bytes that the server had already. */
	readonly bytesKnown: number;
}

/** What is in memory of a file; and what is sent again at most when a connection is cut. */
const PIECE_BYTES = 8 * 1024 * 1024;
const HASH_BYTES = 1024 * 1024;
/** A piece that came as something else may have been changed on the way; three times, something else is wrong. */
const MAX_WRONG_CHECKSUMS = 3;
/** After the last piece the server hashes the file where it was started anew meanwhile, and looks into archives. */
const PIECE_TIMEOUT_MS = 180_000;
const TUS = {'tus-resumable': '1.0.0'};
const UPLOADS = '/api/v1/uploads';

/** @throws {ClientError} @throws {Error} Where the file cannot be read; it has the system's code. */
export async function uploadFile(
	connection: Connection,
	file: FileToSend,
	options: UploadOptions,
): Promise<UploadedFile> {
	const handle = await open(file.path, 'r');
	try {
		const {bytes, sha256} = await hashOf(handle, options.signal);
		const location = await announce(connection, file, {bytes, sha256}, options);
		let bytesKnown: number | null = null;
		let wrongChecksums = 0;
		const buffer = {bytes: Buffer.alloc(0)};
		const fileId = await untilItGoesWell(async succeeded => {
			let {offset, fileId} = await askOffset(connection, location, bytes, options.signal);
			bytesKnown ??= offset;
			succeeded();
			while (fileId === null) {
				options.onProgress?.(offset, bytes);
				try {
					({offset, fileId} = await sendPiece({connection, location, handle, buffer, offset, bytes, options}));
				} catch (error) {
					// What the system still has of it may go out, so its memory is not used again.
					buffer.bytes = Buffer.alloc(0);
					if (!(error instanceof ClientError)) throw error;
					if (error.code === 'WRONG_CHECKSUM' && ++wrongChecksums < MAX_WRONG_CHECKSUMS) continue;
					if (error.code !== 'OFFSET_CONFLICT') throw error;
					({offset, fileId} = await askOffset(connection, location, bytes, options.signal));
					continue;
				}
				succeeded();
			}
			return fileId;
		}, options);
		options.onProgress?.(bytes, bytes);
		return {fileId, bytes, sha256, bytesKnown: bytesKnown ?? 0};
	} finally {
		await handle.close();
	}
}

async function hashOf(handle: FileHandle, signal: AbortSignal | undefined): Promise<{bytes: number; sha256: string}> {
	const hash = createHash('sha256');
	const buffer = Buffer.allocUnsafe(HASH_BYTES);
	let bytes = 0;
	for (;;) {
		signal?.throwIfAborted();
		const {bytesRead} = await handle.read(buffer, 0, buffer.length, bytes);
		if (bytesRead === 0) return {bytes, sha256: hash.digest('hex')};
		hash.update(buffer.subarray(0, bytesRead));
		bytes += bytesRead;
	}
}

/** @returns The path of the upload, which is the same one where this file was announced before. */
async function announce(
	connection: Connection,
	{name, relativePath}: FileToSend,
	{bytes, sha256}: {readonly bytes: number; readonly sha256: string},
	options: UploadOptions,
): Promise<string> {
	const metadata = {filename: name, ...(relativePath !== undefined && {relativePath}), sha256};
	const written = Object.entries(metadata).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`);
	const headers = {...TUS, 'upload-length': String(bytes), 'upload-metadata': written.join(',')};
	const key = createHash('sha256')
		.update(JSON.stringify(['upload', bytes, metadata]))
		.digest('base64url');
	const {signal} = options;
	const {headers: answered, status} = await untilItGoesWell(
		() => connection.ask('POST', UPLOADS, {headers: {...headers, 'idempotency-key': `"${key}"`}, signal}),
		options,
	);
	const location = answered.location ?? '';
	const url = URL.canParse(location, `${connection.origin}${UPLOADS}/`)
		? new URL(location, `${connection.origin}${UPLOADS}/`)
		: null;
	// The token goes nowhere else.
	if (url === null || location === '' || url.origin !== connection.origin)
		throw unexpectedAnswer(connection.origin, 'an upload without a place on this server', status);
	return url.pathname;
}

interface Place {
	readonly offset: number;
	/** `null`: it is not complete. */
	readonly fileId: string | null;
}

async function askOffset(
	connection: Connection,
	location: string,
	bytes: number,
	signal: AbortSignal | undefined,
): Promise<Place> {
	return placeOf(await connection.ask('HEAD', location, {headers: TUS, signal}), bytes, connection.origin);
}

function placeOf({headers, status}: Reply<unknown>, bytes: number, origin: string): Place {
	const offset = Number(headers['upload-offset'] ?? Number.NaN);
	const fileId = headers['upload-file-id']?.toString() ?? null;
	if (!Number.isSafeInteger(offset) || offset < 0 || offset > bytes)
		throw unexpectedAnswer(origin, 'no Upload-Offset within the file', status);
	return {offset, fileId};
}

interface Piece {
	readonly connection: Connection;
	readonly location: string;
	readonly handle: FileHandle;
	/** Used for one piece after the other. */
	readonly buffer: {bytes: Buffer};
	readonly offset: number;
	/** Of the whole file. */
	readonly bytes: number;
	readonly options: UploadOptions;
}

/** One without bytes asks for the end of an upload that is complete. */
async function sendPiece({connection, location, handle, buffer, offset, bytes, options}: Piece): Promise<Place> {
	const length = Math.min(PIECE_BYTES, bytes - offset);
	if (buffer.bytes.length < length) buffer.bytes = Buffer.allocUnsafe(length);
	const piece = buffer.bytes.subarray(0, length);
	await readAll(handle, piece, offset);
	const {signal, onProgress} = options;
	const reply = await connection.ask('PATCH', location, {
		headers: {
			...TUS,
			'content-type': 'application/offset+octet-stream',
			'upload-offset': String(offset),
			'upload-checksum': `sha256 ${createHash('sha256').update(piece).digest('base64')}`,
		},
		...{body: piece, signal, timeoutMs: PIECE_TIMEOUT_MS},
		onSent: byteCount => onProgress?.(offset + byteCount, bytes),
	});
	return placeOf(reply, bytes, connection.origin);
}

/** @throws {ClientError} Where the file has become shorter. */
async function readAll(handle: FileHandle, target: Buffer, offset: number): Promise<void> {
	for (let done = 0; done < target.length; ) {
		const {bytesRead} = await handle.read(target, done, target.length - done, offset + done);
		if (bytesRead === 0)
			throw new ClientError({
				...{code: 'FILE_CHANGED', title: 'The file has changed'},
				detail: `Expected ${target.length} bytes at ${offset}, but the file ends after ${offset + done}.`,
				remedy: 'Send it when nobody writes to it any more.',
			});
		done += bytesRead;
	}
}
