// Opens what a job names and gives it out as bytes; knows when a file was not the same from its first byte to its last.
import {closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync} from 'node:fs';
import type {ByteSource, SeekableSource} from '../../../input/byte-source.ts';
import {InputError} from '../../../input/input-error.ts';
import type {DialectReport} from '../../../model/report.ts';
import {ReadError} from '../../shared/errors.ts';
import {identityOf, isSameFile} from '../../shared/file-state.ts';
import {defaultLimits} from '../../shared/limits.ts';
import type {SourceLocation} from '../../shared/protocol.ts';
import {emptyPackedFile} from './corrupt-data.ts';
import {openBytes, type RawSource} from './open-bytes.ts';
import {PACKING_BYTES, packingOf, packingOfName} from './packing.ts';
import {openWithoutWaiting, readDescriptor} from './stream-source.ts';
import {createUnpackedSource, type UnpackedSource, type UnpackLimits} from './unpacked-source.ts';

/** A source that is open: someone must close it. */
export interface OpenSource extends SeekableSource {
	/** What it is packed with, as far as that is known: from the first read on. */
	readonly compression: DialectReport['compression'];
	/** Which file it is, in which state: two openings that agree in it read the same data. `null` where that cannot be known. */
	readonly identity: string | null;
	/** Its size when it was opened, in bytes; `null` where it has none. */
	readonly size: number | null;
	/** Bytes taken from the file itself, packed where it is compressed. */
	readonly bytesRead: number;
	/**
	Fails unless the file is still what it was when it was opened: to be asked before any figure or fault of it is
	believed.

	@param isComplete - Whether all of it was read, so that its size can be held against what was read.
	*/
	readonly verify: (isComplete: boolean) => void | Promise<void>;
	/** May be called again, and does nothing then. */
	readonly close: () => void;
}

/** After a fault: the fault is what counts, and an error of the closing must not hide it. */
export function closeAfterFault(source: OpenSource | null): void {
	try {
		source?.close();
	} catch {
		// The fault is being reported.
	}
}

const STANDARD_INPUT = 0;

/**
Opens a source. Where it is not a file of this machine, opening, reading and verifying may take time, so callers await them.

@param onPackedRead - Called when bytes of a packed file have come, of which there may be many before any are unpacked.
*/
export type OpenAnySource = (
	location: SourceLocation,
	limits?: UnpackLimits,
	onPackedRead?: () => void,
) => OpenSource | Promise<OpenSource>;

/** Opens files and streams of this machine, synchronously. */
export function openSource(
	location: SourceLocation,
	limits: UnpackLimits = defaultLimits,
	onPackedRead?: () => void,
): OpenSource {
	switch (location.kind) {
		case 'file':
			return openFile(location.path, limits, onPackedRead);
		case 'standard-input':
			return openStream(STANDARD_INPUT, limits, onPackedRead);
		case 'stream': {
			const fd = typeof location.at === 'number' ? location.at : openWithoutWaiting(location.at);
			return openStream(fd, limits, onPackedRead);
		}
		case 'member':
			throw new Error('Expected a file or a stream, found a member of an archive: no format of archives is known');
	}
}

function openFile(path: string | Uint8Array, limits: UnpackLimits, onPackedRead?: () => void): OpenSource {
	const pathForNode = typeof path === 'string' ? path : Buffer.from(path);
	// Without O_NONBLOCK the opening of a FIFO that nobody writes to would never return.
	const fd = openSync(pathForNode, constants.O_RDONLY | constants.O_NONBLOCK);
	let before: Stats;
	try {
		before = fstatSync(fd);
		if (!before.isFile()) throw new InputError('NOT_A_REGULAR_FILE', 'Expected a regular file; it is none any more');
	} catch (error) {
		closeQuietly(fd);
		throw error;
	}
	const file = new PlainFile(fd, before.size);
	/** What it is: `null` is plain, and nothing is not known yet. */
	const known: {unpacked?: UnpackedSource | null} = {};
	const findOut = (start: Uint8Array): UnpackedSource | null => {
		if (start.length === 0) assertNotNamedPacked(path);
		const packing = packingOf(start, path);
		known.unpacked = packing === null ? null : createUnpackedSource(packing, file, before.size, limits, onPackedRead);
		return known.unpacked;
	};
	const unpacked = (): UnpackedSource | null =>
		known.unpacked === undefined ? findOut(file.readStart(PACKING_BYTES)) : known.unpacked;
	let isOpen = true;
	return {
		read(target) {
			if (known.unpacked !== undefined || target.length < PACKING_BYTES) return (unpacked() ?? file).read(target);
			// What it begins with decides what it is, and a whole small file is had by this one read.
			const length = file.read(target);
			const source = findOut(target.subarray(0, length));
			if (source === null) return length;
			file.seek(0);
			return source.read(target);
		},
		get isSeekable() {
			return unpacked() === null;
		},
		seek(byteOffset) {
			file.seek(byteOffset);
		},
		get compression() {
			// Asked for also after a fault, so this must not read.
			return known.unpacked?.packing ?? null;
		},
		identity: identityOf(before),
		size: before.size,
		get bytesRead() {
			return file.bytesRead;
		},
		verify(isComplete) {
			const expectedBytes = isComplete || file.hasEndedEarly ? file.bytesRead : before.size;
			assertUnchanged(before, statSync(pathForNode), expectedBytes, () => fstatSync(fd));
		},
		close() {
			if (!isOpen) return;
			isOpen = false;
			known.unpacked?.close();
			closeSync(fd);
		},
	};
}

function assertNotNamedPacked(path: string | Uint8Array): void {
	const packing = packingOfName(path);
	if (packing !== null) throw emptyPackedFile(packing);
}

function closeQuietly(fd: number): void {
	try {
		closeSync(fd);
	} catch {
		// As in `closeAfterFault`.
	}
}

/** An open file, read from any place on. */
class PlainFile implements ByteSource {
	readonly #fd: number;
	readonly #size: number;
	offset = 0;
	bytesRead = 0;
	/** Whether a read found the end in front of where the file ends by its size. */
	hasEndedEarly = false;

	constructor(fd: number, size: number) {
		this.#fd = fd;
		this.#size = size;
	}

	read(target: Uint8Array): number {
		// Whether there is more by now is for `verify` to find out. Files without a size, as in /proc, tell by being read.
		if (this.#size > 0 && this.offset >= this.#size) return 0;
		const length = readAt(this.#fd, target, this.offset);
		if (length === 0 && target.length > 0 && this.#size > 0) this.hasEndedEarly = true;
		this.offset += length;
		this.bytesRead += length;
		return length;
	}

	seek(byteOffset: number): void {
		if (byteOffset === 0) this.bytesRead -= this.offset;
		this.offset = byteOffset;
	}

	/** The first bytes, which are not counted as read. */
	readStart(length: number): Uint8Array {
		const start = new Uint8Array(length);
		return start.subarray(0, readAt(this.#fd, start, 0));
	}
}

function readAt(fd: number, target: Uint8Array, byteOffset: number): number {
	try {
		return readSync(fd, target, 0, target.length, byteOffset);
	} catch (error) {
		throw new ReadError(error, byteOffset);
	}
}

/**
Figures of two versions are never mixed: identity, size and both times must be those of the file that was opened. The time of
the last change of its state (`ctime`) is the one that nobody can set back.
*/
function assertUnchanged(before: Stats, atPath: Stats, bytesRead: number, statFile: () => Stats): void {
	const isReplaced = !isSameFile(before, atPath);
	// The same file behind the same name is asked once.
	const after = isReplaced ? statFile() : atPath;
	const change = isReplaced
		? 'another file has taken its place'
		: (describeChange(before, after) ??
			(bytesRead === before.size || before.size === 0 ? null : `${bytesRead} bytes could be read of ${before.size}`));
	if (change !== null) throw changedWhileReading(change);
}

/** How a file differs from what it was; `null` where it does not. */
function describeChange(before: Stats, after: Stats): string | null {
	if (after.size !== before.size) return `its size went from ${before.size} to ${after.size} bytes`;
	if (after.mtimeMs !== before.mtimeMs) return 'it was written to';
	if (after.ctimeMs === before.ctimeMs) return null;
	return 'it was written to and its time was set back, or its permissions, owner, name or links were changed';
}

const changedWhileReading = (change: string): InputError =>
	new InputError(
		'CHANGED_WHILE_READING',
		`The file changed while it was read: ${change}. Process it again when nobody writes to it`,
	);

/** A stream can be read once. Where it comes from a file, that file must stay the same meanwhile. */
function openStream(fd: number, limits: UnpackLimits, onPackedRead?: () => void): OpenSource {
	const stats = fstatSync(fd);
	const raw: RawSource = {
		...readDescriptor(fd),
		size: null,
		identity: null,
		seek: null,
		verify() {
			// How much of it there is to read is not known: it may have been given to us in the middle.
			const change = stats.isFile() ? describeChange(stats, fstatSync(fd)) : null;
			if (change !== null) throw changedWhileReading(change);
		},
	};
	return openBytes(raw, limits, onPackedRead);
}
