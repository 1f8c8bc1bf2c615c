// Opens what a job names and gives it out as bytes; knows when a file was not the same from its first byte to its last.
import {type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, statSync} from 'node:fs';
import {Socket} from 'node:net';
import {isatty, ReadStream as TtyReadStream} from 'node:tty';
import type {ByteSource} from '../../csv/byte-source.ts';
import {InputError} from '../../csv/input-error.ts';
import {createGzipSource, GZIP_MAGIC_BYTES, type GzipSource, isGzip} from './gzip-source.ts';
import type {SourceLocation} from './protocol.ts';
import {readFromStream, readStart, withStart} from './stream-source.ts';

/** A source that is open: someone must close it. */
export interface OpenSource extends ByteSource {
	/** Goes on reading from another place; `null` where that cannot be. */
	readonly seek: ((byteOffset: number) => void) | null;
	readonly compression: 'gzip' | null;
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
	readonly verify: (isComplete: boolean) => void;
	readonly close: () => void;
}

const STANDARD_INPUT = 0;

export const openSource = (location: SourceLocation): OpenSource =>
	location.kind === 'file' ? openFile(location.path) : openStandardInput();

function openFile(path: string | Uint8Array): OpenSource {
	const pathForNode = typeof path === 'string' ? path : Buffer.from(path);
	// Without O_NONBLOCK the opening of a FIFO that nobody writes to would never return.
	const fd = openSync(pathForNode, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		const before = fstatSync(fd, {bigint: true});
		if (!before.isFile()) throw new InputError('NOT_A_REGULAR_FILE', 'Expected a regular file; it is none any more');
		let bytesRead = 0;
		let offset = 0;
		const size = Number(before.size);
		const bytes: ByteSource = {
			read(target) {
				// Whether there is more by now is for `verify` to find out. Files without a size, as in /proc, tell by being read.
				if (size > 0 && offset >= size) return 0;
				const length = readSync(fd, target, 0, target.length, offset);
				offset += length;
				bytesRead += length;
				return length;
			},
		};
		const verify = (isComplete: boolean): void => {
			const expectedBytes = isComplete ? BigInt(bytesRead) : before.size;
			assertUnchanged(before, fstatSync(fd, {bigint: true}), statSync(pathForNode, {bigint: true}), expectedBytes);
		};
		const close = (): void => {
			closeSync(fd);
		};
		const start = new Uint8Array(GZIP_MAGIC_BYTES);
		readSync(fd, start, 0, start.length, 0);
		const unpacked = isGzip(start) ? createGzipSource(bytes) : null;
		return {
			read: unpacked === null ? bytes.read : unpacked.read,
			seek:
				unpacked === null
					? byteOffset => {
							offset = byteOffset;
						}
					: null,
			compression: unpacked === null ? null : 'gzip',
			identity: `${before.dev}:${before.ino}:${before.size}:${before.mtimeNs}`,
			size,
			get bytesRead() {
				return bytesRead;
			},
			verify,
			close() {
				unpacked?.close();
				close();
			},
		};
	} catch (error) {
		closeSync(fd);
		throw error;
	}
}

/** Figures of two versions are never mixed: size, time and identity must be those of the file that was opened. */
function assertUnchanged(before: BigIntStats, after: BigIntStats, atPath: BigIntStats, bytesRead: bigint): void {
	const change =
		atPath.ino !== before.ino || atPath.dev !== before.dev
			? 'another file has taken its place'
			: after.size !== before.size
				? `its size went from ${before.size} to ${after.size} bytes`
				: after.mtimeNs !== before.mtimeNs
					? 'it was written to'
					: bytesRead === before.size
						? null
						: `${bytesRead} bytes could be read of ${before.size}`;
	if (change === null) return;
	throw new InputError(
		'CHANGED_WHILE_READING',
		`The file changed while it was read: ${change}. Process it again when nobody writes to it`,
	);
}

/** Standard input can be read once, and not checked for change. */
function openStandardInput(): OpenSource {
	const stats = fstatSync(STANDARD_INPUT);
	let bytesRead = 0;
	let read: ByteSource['read'];
	let close = (): void => {};
	if (stats.isFile()) read = target => readSync(STANDARD_INPUT, target);
	else if (stats.isFIFO() || stats.isSocket() || isatty(STANDARD_INPUT)) {
		// A blocking read of a pipe cannot be ended from outside; a stream on the event loop can.
		const stream = isatty(STANDARD_INPUT)
			? new TtyReadStream(STANDARD_INPUT)
			: new Socket({fd: STANDARD_INPUT, readable: true, writable: false});
		read = readFromStream(stream);
		close = () => {
			stream.destroy();
		};
	} else if (stats.isDirectory()) {
		throw new InputError('NOT_A_REGULAR_FILE', 'Expected data on standard input, found a directory');
	} else read = target => readSync(STANDARD_INPUT, target);
	const bytes: ByteSource = {
		async read(target) {
			const length = await read(target);
			bytesRead += length;
			return length;
		},
	};
	// A stream cannot be looked into without taking from it, so what it begins with decides at the first read.
	let unpacked: GzipSource | null = null;
	let opened: Promise<ByteSource> | null = null;
	const open = async (): Promise<ByteSource> => {
		const start = await readStart(bytes, GZIP_MAGIC_BYTES);
		const whole = withStart(start, bytes);
		unpacked = isGzip(start) ? createGzipSource(whole) : null;
		return unpacked ?? whole;
	};
	return {
		seek: null,
		identity: null,
		size: null,
		async read(target) {
			opened ??= open();
			return (await opened).read(target);
		},
		get compression() {
			return unpacked === null ? null : 'gzip';
		},
		get bytesRead() {
			return bytesRead;
		},
		verify() {},
		close() {
			unpacked?.close();
			close();
		},
	};
}
