// Opens a member of a ZIP archive (APPNOTE.TXT of PKWARE, 4.3), as the list of the archive said where it is.
import type {ByteSource} from '../../../input/byte-source.ts';
import {InputError} from '../../../input/input-error.ts';
import {type FileState, identityOf} from '../../shared/file-state.ts';
import type {MemberLocation, MemberPlace} from '../../shared/protocol.ts';
import {openRegularFile, type RegularFile} from '../../shared/regular-file.ts';
import {corruptData} from './corrupt-data.ts';
import {inflateAtOnce} from './inflate-at-once.ts';
import {openBytes, type RawSource} from './open-bytes.ts';
import type {OpenSource} from './open-source.ts';
import {unpackWithStream} from './unpack-stream.ts';
import {unpackZstd} from './unpack-zstd.ts';
import {createBound, type UnpackLimits} from './unpacked-source.ts';
import {PACKED_CHUNK_BYTES, UNPACKED_CHUNK_BYTES, type Unpacker} from './unpacker.ts';

const HEADER_BYTES = 30;
/** Up to this size a member is unpacked at once. */
export const SMALL_BYTES = 256 * 1024;

const HEADER_SIGNATURE = 0x04034b50;

/** @param onPackedRead - See `openSource`. */
export function openMember(
	{archive, name, place}: MemberLocation,
	limits: UnpackLimits,
	onPackedRead: () => void = () => {},
): OpenSource {
	if (archive.kind !== 'file') throw new Error('Expected an archive that is a file');
	const file = openRegularFile(archive.path);
	try {
		assertAsListed(file, place);
		const packed = new MemberData(file, findData(file, place), place.packedBytes, onPackedRead);
		const unpacker = createUnpacker(packed, place);
		const verified = verifiedData(unpacker, place, createBound(limits), () => packed.bytesRead);
		const raw: RawSource = {
			...verified,
			name,
			size: place.packedBytes,
			identity: identityOfMember(file.stats, place),
			seek: null,
			packedIn: {compression: 'zip', bytesRead: () => packed.bytesRead},
			verify: () => file.assertUnchanged(file.stats.size),
			close() {
				unpacker.close();
				file.close();
			},
		};
		// It may be packed once more by itself.
		return openBytes(raw, limits);
	} catch (error) {
		file.close();
		throw error;
	}
}

export function assertAsListed({stats}: RegularFile, {archiveIdentity}: MemberPlace): void {
	if (identityOf(stats) === archiveIdentity) return;
	throw new InputError(
		'CHANGED_WHILE_READING',
		'The archive changed after its files were listed. Start again when nobody writes to it',
	);
}

/** Where the data of a member begins. */
export function findData(file: RegularFile, {headerOffset, packedBytes}: MemberPlace): number {
	const header = Buffer.alloc(HEADER_BYTES);
	const length = file.readAt(header, headerOffset);
	if (length < HEADER_BYTES || header.readUInt32LE(0) !== HEADER_SIGNATURE) {
		throw corruptData(
			'zip',
			`Expected the header of the file at byte ${headerOffset} of the archive, where its list says; something else is there. Fetch the archive again`,
		);
	}
	const start = headerOffset + HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
	const {size} = file.stats;
	if (start + packedBytes <= size) return start;
	throw corruptData(
		'zip',
		`The archive ends at byte ${size}, within the data of the file: expected ${packedBytes} bytes from byte ${start} on. Fetch the archive again`,
	);
}

/** The packed bytes of a member. */
class MemberData implements ByteSource {
	readonly #file: RegularFile;
	readonly #start: number;
	readonly #length: number;
	readonly #onRead: () => void;
	bytesRead = 0;

	constructor(file: RegularFile, start: number, length: number, onRead: () => void) {
		this.#file = file;
		this.#start = start;
		this.#length = length;
		this.#onRead = onRead;
	}

	read(target: Uint8Array): number {
		const left = this.#length - this.bytesRead;
		if (left === 0) return 0;
		const length = this.#file.readAt(target.subarray(0, left), this.#start + this.bytesRead);
		this.bytesRead += length;
		this.#onRead();
		return length;
	}
}

const identityOfMember = (archive: FileState, place: MemberPlace): string => identityOf(stateOfMember(archive, place));

/** A member is as its archive is, and as large as it is there. */
export const stateOfMember = ({dev, ino, mtimeMs, ctimeMs}: FileState, {packedBytes}: MemberPlace): FileState => ({
	dev,
	ino,
	size: packedBytes,
	mtimeMs,
	ctimeMs,
});

function createUnpacker(packed: MemberData, {method, packedBytes, unpackedBytes}: MemberPlace): Unpacker {
	const chunkBytes = Math.min(PACKED_CHUNK_BYTES, packedBytes || PACKED_CHUNK_BYTES);
	switch (method) {
		case 'stored':
			return {read: target => packed.read(target), close() {}};
		case 'zstd':
			return unpackZstd(packed, chunkBytes);
		case 'deflated': {
			if (Math.max(packedBytes, unpackedBytes) <= SMALL_BYTES) return unpackAtOnce(packed, packedBytes, unpackedBytes);
			const {createInflateRaw} = process.getBuiltinModule('node:zlib');
			return unpackWithStream(createInflateRaw({chunkSize: UNPACKED_CHUNK_BYTES}), packed, {form: 'zip', chunkBytes});
		}
	}
}

/** For a small member, another thread and a stream would take ten times as long as the unpacking. */
function unpackAtOnce(packed: MemberData, packedBytes: number, unpackedBytes: number): Unpacker {
	let rest: Uint8Array | null = null;
	const unpack = (): Uint8Array => {
		const data = new Uint8Array(packedBytes);
		let length = 0;
		for (let more = 1; more > 0; length += more) more = packed.read(data.subarray(length));
		return inflateAtOnce(data.subarray(0, length), unpackedBytes);
	};
	return {
		read(target) {
			rest ??= unpack();
			const piece = rest.subarray(0, target.length);
			target.set(piece);
			rest = rest.subarray(piece.length);
			return piece.length;
		},
		close() {},
	};
}

/** The list of the archive says how much there is, and of which checksum. */
function verifiedData(
	unpacker: Unpacker,
	{unpackedBytes, crc32: expected, method}: MemberPlace,
	assertWithin: (length: number, packedBytes: number) => void,
	packedBytesRead: () => number,
): ByteSource {
	const {crc32} = process.getBuiltinModule('node:zlib');
	let bytes = 0;
	let checksum = 0;
	return {
		async read(target) {
			const length = await unpacker.read(target);
			bytes += length;
			if (method !== 'stored') assertWithin(length, packedBytesRead());
			if (length === 0 ? bytes < unpackedBytes : bytes > unpackedBytes) {
				throw corruptData(
					'zip',
					`The file unpacks to ${length === 0 ? bytes : `more than ${unpackedBytes}`} bytes; the list of the archive says ${unpackedBytes}. Fetch the archive again`,
				);
			}
			checksum = crc32(target.subarray(0, length), checksum);
			if (length === 0 && checksum !== expected) {
				throw corruptData(
					'zip',
					`The checksum of the file is ${asHex(checksum)}; the list of the archive says ${asHex(expected)}. Fetch the archive again`,
				);
			}
			return length;
		},
	};
}

const asHex = (checksum: number): string => checksum.toString(16).padStart(8, '0');
