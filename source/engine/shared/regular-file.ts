// An open file of this machine, read from any place on, that knows when it is no longer what it was when it was opened.
import {closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync} from 'node:fs';
import type {ByteSource} from '../../input/byte-source.ts';
import {InputError} from '../../input/input-error.ts';
import {assertPlain, EncryptedBytes, HEADER_BYTES, isNamedEncrypted, keysFor} from './encryption.ts';
import {ReadError} from './errors.ts';
import {isSameFile} from './file-state.ts';

/** @throws {InputError} Where it is none. */
export function openRegularFile(path: string | Uint8Array): RegularFile {
	const pathForNode = typeof path === 'string' ? path : Buffer.from(path);
	// Without O_NONBLOCK the opening of a FIFO that nobody writes to would never return.
	const fd = openSync(pathForNode, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		const stats = fstatSync(fd);
		if (!stats.isFile()) throw new InputError('NOT_A_REGULAR_FILE', 'Expected a regular file; it is none any more');
		return new RegularFile(pathForNode, fd, stats);
	} catch (error) {
		closeQuietly(fd);
		throw error;
	}
}

/** After a fault: that is what counts, and an error of the closing must not hide it. */
function closeQuietly(fd: number): void {
	try {
		closeSync(fd);
	} catch {
		// The fault is being reported.
	}
}

export class RegularFile implements ByteSource {
	readonly #path: string | Buffer;
	readonly #fd: number;
	#isOpen = true;
	/** As it was on the disk when it was opened. */
	readonly #before: Stats;
	/** `null`: it is read as it is. */
	readonly #encrypted: EncryptedBytes | null;
	/** As it was when it was opened; of an encrypted file with the size of its text. */
	readonly stats: Stats;
	offset = 0;
	bytesRead = 0;
	/** Is given what `read` has read, and from where. */
	onRead: ((bytes: Uint8Array, byteOffset: number) => void) | null = null;
	/** Whether a read found the end in front of where the file ends by its size. */
	hasEndedEarly = false;

	constructor(path: string | Buffer, fd: number, stats: Stats) {
		this.#path = path;
		this.#fd = fd;
		this.#before = stats;
		const keys = keysFor(path);
		if (keys === null && isNamedEncrypted(path)) assertPlain(this.#storedStart(HEADER_BYTES));
		this.#encrypted =
			keys === null ? null : new EncryptedBytes(keys, stats.size, (...where) => this.#readStored(...where));
		const {size} = this.#encrypted ?? stats;
		this.stats = size === stats.size ? stats : Object.assign(Object.create(stats) as Stats, {size});
	}

	read(target: Uint8Array): number {
		const {size} = this.stats;
		// Whether there is more by now is for `assertUnchanged` to find out. Files without a size, as in /proc, tell by being read.
		if (size > 0 && this.offset >= size) return 0;
		const length = this.readAt(target, this.offset);
		if (length === 0 && target.length > 0 && size > 0) this.hasEndedEarly = true;
		this.onRead?.(target.subarray(0, length), this.offset);
		this.offset += length;
		this.bytesRead += length;
		return length;
	}

	seek(byteOffset: number): void {
		if (byteOffset === 0) this.bytesRead -= this.offset;
		this.offset = byteOffset;
	}

	/** The bytes from a place on, or fewer where there are fewer; neither counted nor remembered. */
	readBytes(start: number, end: number): Buffer<ArrayBuffer> {
		const bytes = Buffer.alloc(end - start);
		let filled = 0;
		for (let length = 1; length > 0 && filled < bytes.length; filled += length)
			length = this.readAt(bytes.subarray(filled), start + filled);
		return bytes.subarray(0, filled);
	}

	/** Reads at another place; neither counted nor remembered. */
	readAt(target: Uint8Array, byteOffset: number): number {
		return this.#encrypted === null ? this.#readStored(target, byteOffset) : this.#encrypted.readAt(target, byteOffset);
	}

	#storedStart(length: number): Uint8Array {
		const start = new Uint8Array(length);
		return start.subarray(0, this.#readStored(start, 0));
	}

	#readStored(target: Uint8Array, byteOffset: number): number {
		try {
			return readSync(this.#fd, target, 0, target.length, byteOffset);
		} catch (error) {
			throw new ReadError(error, byteOffset);
		}
	}

	/**
	Figures of two versions are never mixed: identity, size and both times must be those of the file that was opened. The time of
	the last change of its state (`ctime`) is the one that nobody can set back.

	@param bytesRead - How much could be read, where that should be all of it.
	*/
	assertUnchanged(bytesRead: number): void {
		const before = this.#before;
		const {size} = this.stats;
		const atPath = statSync(this.#path);
		const isReplaced = !isSameFile(before, atPath);
		// The same file behind the same name is asked once.
		const after = isReplaced ? fstatSync(this.#fd) : atPath;
		const change = isReplaced
			? 'another file has taken its place'
			: (describeChange(before, after) ??
				(bytesRead === size || size === 0 ? null : `${bytesRead} bytes could be read of ${size}`));
		if (change !== null) throw changedWhileReading(change);
	}

	/** May be called again, and does nothing then. */
	close(): void {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		closeSync(this.#fd);
	}
}

/** How a file differs from what it was; `null` where it does not. */
export function describeChange(before: Stats, after: Stats): string | null {
	if (after.size !== before.size) return `its size went from ${before.size} to ${after.size} bytes`;
	if (after.mtimeMs !== before.mtimeMs) return 'it was written to';
	if (after.ctimeMs === before.ctimeMs) return null;
	return 'it was written to and its time was set back, or its permissions, owner, name or links were changed';
}

export const changedWhileReading = (change: string): InputError =>
	new InputError(
		'CHANGED_WHILE_READING',
		`The file changed while it was read: ${change}. Process it again when nobody writes to it`,
	);
