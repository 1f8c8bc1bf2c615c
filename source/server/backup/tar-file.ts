// Backups are tar archives, so that any tar shows and unpacks what is in them.
import {createHash} from 'node:crypto';
import {type FileHandle, open} from 'node:fs/promises';
import {BLOCK_BYTES, readTarHeader} from '../../engine/archives/tar-header.ts';

const PIECE_BYTES = 1024 * 1024;
const MAX_NAME_BYTES = 100;

export interface Written {
	readonly bytes: number;
	/** Hexadecimal. */
	readonly sha256: string;
}

export class TarWriter {
	readonly #handle: FileHandle;

	private constructor(handle: FileHandle) {
		this.#handle = handle;
	}

	/** @throws {Error} Of the system, also where the file is there already. */
	static async create(path: string): Promise<TarWriter> {
		return new TarWriter(await open(path, 'wx', 0o600));
	}

	/** @param bytes - Of the file; what it has behind them is left out. @throws {Error} Where it has fewer. */
	async addFile(name: string, path: string, bytes: number): Promise<Written> {
		const hash = createHash('sha256');
		const source = await open(path, 'r');
		try {
			await this.#handle.writeFile(headerOf(name, bytes));
			const piece = Buffer.alloc(Math.min(PIECE_BYTES, Math.max(1, bytes)));
			for (let rest = bytes; rest > 0; ) {
				const {bytesRead} = await source.read(piece, 0, Math.min(rest, piece.length), null);
				if (bytesRead === 0) throw new Error(`Expected ${bytes} bytes in ${path}, found ${bytes - rest}`);
				hash.update(piece.subarray(0, bytesRead));
				await this.#handle.writeFile(piece.subarray(0, bytesRead));
				rest -= bytesRead;
			}
			await this.#handle.writeFile(Buffer.alloc(paddingOf(bytes)));
			return {bytes, sha256: hash.digest('hex')};
		} finally {
			await source.close();
		}
	}

	async addText(name: string, text: string): Promise<void> {
		const bytes = Buffer.from(text);
		await this.#handle.writeFile(headerOf(name, bytes.length));
		await this.#handle.writeFile(Buffer.concat([bytes, Buffer.alloc(paddingOf(bytes.length))]));
	}

	/** Resolves when all of it is on the disk. */
	async finish(): Promise<void> {
		await this.#handle.writeFile(Buffer.alloc(2 * BLOCK_BYTES));
		await this.#handle.sync();
		await this.close();
	}

	close(): Promise<void> {
		return this.#handle.close();
	}
}

const paddingOf = (bytes: number): number => (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;

/** A header of ustar; the size of a large file as GNU tar writes it. */
function headerOf(name: string, bytes: number): Buffer {
	if (Buffer.byteLength(name) > MAX_NAME_BYTES)
		throw new Error(`Expected a name of ${MAX_NAME_BYTES} bytes, found ${name}`);
	const header = Buffer.alloc(BLOCK_BYTES);
	const octal = (value: number, at: number, length: number): void => {
		header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
	};
	header.write(name, 0);
	octal(0o600, 100, 8);
	octal(0, 108, 8);
	octal(0, 116, 8);
	if (bytes < 8 ** 11) octal(bytes, 124, 12);
	else {
		header.writeUInt8(0x80, 124);
		header.writeBigUInt64BE(BigInt(bytes), 128);
	}
	octal(Math.floor(Date.now() / 1000), 136, 12);
	header.write('        ', 148, 'latin1');
	header.write('0', 156, 'latin1');
	header.write('ustar\x0000', 257, 'latin1');
	octal(
		header.reduce((sum, byte) => sum + byte, 0),
		148,
		7,
	);
	return header;
}

export interface TarEntry {
	readonly name: string;
	/** Where its bytes begin in the archive. */
	readonly at: number;
	readonly bytes: number;
}

/** @throws {Error} Where it is no archive, or is cut off. */
export async function listEntries(handle: FileHandle): Promise<readonly TarEntry[]> {
	const entries: TarEntry[] = [];
	const {size} = await handle.stat();
	const block = Buffer.alloc(BLOCK_BYTES);
	for (let at = 0; ; ) {
		const {bytesRead} = await handle.read(block, 0, BLOCK_BYTES, at);
		if (bytesRead < BLOCK_BYTES) throw new Error('it is cut off');
		if (block.every(byte => byte === 0)) return entries;
		const header = readTarHeader(block);
		if (header === null || header.type !== '0') throw new Error(`there is no header of a file at byte ${at}`);
		at += BLOCK_BYTES;
		if (at + header.size > size) throw new Error(`it is cut off within ${header.name}`);
		entries.push({name: header.name.toString(), at, bytes: header.size});
		at += header.size + paddingOf(header.size);
	}
}

/** @param take - Called with piece after piece. @returns SHA-256 of it, hexadecimal. */
export async function readEntry(
	handle: FileHandle,
	{at, bytes}: TarEntry,
	take: (piece: Buffer) => Promise<unknown>,
): Promise<string> {
	const hash = createHash('sha256');
	const piece = Buffer.alloc(Math.min(PIECE_BYTES, Math.max(1, bytes)));
	for (let done = 0; done < bytes; ) {
		const {bytesRead} = await handle.read(piece, 0, Math.min(bytes - done, piece.length), at + done);
		if (bytesRead === 0) throw new Error('it is cut off');
		hash.update(piece.subarray(0, bytesRead));
		await take(piece.subarray(0, bytesRead));
		done += bytesRead;
	}
	return hash.digest('hex');
}
