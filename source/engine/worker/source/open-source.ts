// Opens what a job names and gives it out as bytes; knows when a file was not the same from its first byte to its last.
import {fstatSync} from 'node:fs';
import type {SeekableSource} from '../../../input/byte-source.ts';
import {type Dialect, plainDialect} from '../../../input/dialect.ts';
import type {DialectReport} from '../../../model/report.ts';
import {identityOf} from '../../shared/file-state.ts';
import {defaultLimits} from '../../shared/limits.ts';
import type {SourceLocation} from '../../shared/protocol.ts';
import {changedWhileReading, describeChange, openRegularFile} from '../../shared/regular-file.ts';
import {isRemote, outerLocationOf} from '../../shared/source-location.ts';
import {assertNotNamedPacked} from '../../unpacking/corrupt-data.ts';
import {PACKING_BYTES, packingOf} from '../../unpacking/packing.ts';
import {createUnpackedSource, type UnpackedSource, type UnpackLimits} from '../../unpacking/unpacked-source.ts';
import {openBytes, type RawSource} from './open-bytes.ts';
import {openMember} from './open-member.ts';
import {isParquet, openParquet, type ParquetSource, type TakeBytes} from './open-parquet.ts';
import {openWithoutWaiting, readDescriptor} from './stream-source.ts';

/** A source that is open: someone must close it. */
export interface OpenSource extends SeekableSource {
	/** What it is packed with, as far as that is known: from the first read on. */
	readonly compression: DialectReport['compression'];
	/** There where what is given out is a text that was made of something else: nobody need look how it is written, or in which encoding. */
	readonly dialect: Dialect | null;
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
	/** Gives all that is read of the file itself to a hasher, from where in it. Missing where the bytes are not read in order, or not of a file. */
	readonly hashWith?: (take: (bytes: Uint8Array, byteOffset: number) => void) => void;
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

export const openAnySource: OpenAnySource = (location, limits = defaultLimits, onPackedRead) =>
	isRemote(outerLocationOf(location))
		? import('./open-remote-source.ts').then(({openRemoteSource}) => openRemoteSource(location, limits, onPackedRead))
		: openSource(location, limits, onPackedRead);

/** Opens files and streams of this machine, synchronously. */
export function openSource(
	location: SourceLocation,
	limits: UnpackLimits = defaultLimits,
	onPackedRead?: () => void,
): OpenSource {
	switch (location.kind) {
		case 'file':
			return openFile(location.path, location.name ?? location.path, limits, onPackedRead);
		case 'standard-input':
			return openStream(STANDARD_INPUT, limits, onPackedRead);
		case 'stream': {
			const fd = typeof location.at === 'number' ? location.at : openWithoutWaiting(location.at);
			return openStream(fd, limits, onPackedRead);
		}
		case 'member':
			return openMember(location, limits, onPackedRead);
		case 's3':
		case 'http':
			throw new Error('Expected a source of this machine');
	}
}

/** @param name - What says how it is packed where its bytes do not: where it lies it may have another one than it came with. */
function openFile(
	path: string | Uint8Array,
	name: string | Uint8Array,
	limits: UnpackLimits,
	onPackedRead?: () => void,
): OpenSource {
	const file = openRegularFile(path);
	const before = file.stats;
	/** What it is: `null` is plain, and nothing is not known yet. */
	const known: {unpacked?: UnpackedSource | ParquetSource | null} = {};
	let hashing: TakeBytes | null = null;
	const findOut = (start: Uint8Array): UnpackedSource | ParquetSource | null => {
		if (start.length === 0) assertNotNamedPacked(name);
		const packing = packingOf(start, name);
		if (packing !== null) known.unpacked = createUnpackedSource(packing, file, before.size, limits, onPackedRead);
		else known.unpacked = isParquet(start, file) ? openParquet(file, limits, onPackedRead, () => hashing) : null;
		if (known.unpacked?.packing === 'parquet') file.onRead = null;
		return known.unpacked;
	};
	const unpacked = (): UnpackedSource | ParquetSource | null =>
		known.unpacked === undefined ? findOut(file.readBytes(0, PACKING_BYTES)) : known.unpacked;
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
		get dialect() {
			return unpacked()?.packing === 'parquet' ? plainDialect : null;
		},
		identity: identityOf(before),
		size: before.size,
		get bytesRead() {
			return known.unpacked?.packing === 'parquet' ? known.unpacked.bytesRead : file.bytesRead;
		},
		verify(isComplete) {
			const isInOrder = known.unpacked?.packing !== 'parquet';
			file.assertUnchanged(isInOrder && (isComplete || file.hasEndedEarly) ? file.bytesRead : before.size);
		},
		hashWith(take) {
			hashing = take;
			if (known.unpacked?.packing !== 'parquet') file.onRead = take;
		},
		close() {
			known.unpacked?.close();
			file.close();
		},
	};
}

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
