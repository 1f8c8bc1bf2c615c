// Opens a member of an archive; of ZIP archives (APPNOTE.TXT of PKWARE, 4.3) here, as their list said where it is.
import {type ByteSource, emptySource, readStart, withStart} from '../../../input/byte-source.ts';
import {InputError} from '../../../input/input-error.ts';
import type {MemberLocation, ZipPlace} from '../../shared/protocol.ts';
import type {RegularFile} from '../../shared/regular-file.ts';
import {corruptData} from '../../unpacking/corrupt-data.ts';
import {inflateAtOnce} from '../../unpacking/inflate-at-once.ts';
import {unpackWithStream} from '../../unpacking/unpack-stream.ts';
import {unpackZstd} from '../../unpacking/unpack-zstd.ts';
import {createBound, type UnpackLimits} from '../../unpacking/unpacked-source.ts';
import {PACKED_CHUNK_BYTES, UNPACKED_CHUNK_BYTES, type Unpacker} from '../../unpacking/unpacker.ts';
import {compressionOf, MemberData, type OpenArchive, openArchiveHere, type StoredData} from './member-data.ts';
import {openBytes, type RawSource} from './open-bytes.ts';
import type {OpenSource} from './open-source.ts';
import {openTarMember} from './open-tar-member.ts';

export const HEADER_BYTES = 30;
/** Up to this size a member is unpacked at once. */
export const SMALL_BYTES = 256 * 1024;

const HEADER_SIGNATURE = 0x04034b50;

/** @param onPackedRead - See `openSource`. */
export function openMember(
	location: MemberLocation,
	limits: UnpackLimits,
	onPackedRead: () => void = () => {},
): OpenSource {
	const {archive, place} = location;
	if (archive.kind !== 'file') throw new Error('Expected an archive that is a file');
	if (place.format === 'tar') return openTarMember(archive.path, location, place, limits, onPackedRead);
	return openZipMember(archive.path, location, place, limits, onPackedRead);
}

function openZipMember(
	path: string | Uint8Array,
	{name}: MemberLocation,
	place: ZipPlace,
	limits: UnpackLimits,
	onPackedRead: () => void,
): OpenSource {
	const archive = openArchiveHere(path, place);
	try {
		const start = findData(archive.file, place);
		const packed = new MemberData(archive.file, start, place.packedBytes, onPackedRead);
		return zipMemberSource(packed, archive, name, {...place, dataStart: start}, limits);
	} catch (error) {
		archive.close();
		throw error;
	}
}

/** @param packed - The data of the member as it is stored. */
export function zipMemberSource(
	packed: StoredData,
	archive: Pick<OpenArchive, 'identityOf' | 'assertUnchanged' | 'close'>,
	name: string,
	place: ZipPlace & {readonly dataStart: number},
	limits: UnpackLimits,
): OpenSource {
	const unpacker = createUnpacker(packed, place);
	const raw: RawSource = {
		...verifiedData(unpacker, place, createBound(limits), () => packed.bytesRead),
		name,
		size: place.packedBytes,
		identity: archive.identityOf(place),
		seek: null,
		packedIn: {compression: compressionOf(place), bytesRead: () => packed.bytesRead},
		verify: () => archive.assertUnchanged(),
		close() {
			unpacker.close();
			archive.close();
		},
	};
	// It may be packed once more by itself.
	return openBytes(raw, limits);
}

/** Where the data of a member begins. */
export const findData = (file: RegularFile, place: ZipPlace): number =>
	startOfData(file.readBytes(place.headerOffset, place.headerOffset + HEADER_BYTES), place, file.stats.size);

/** @param header - The bytes at the place of the header; fewer where the archive ends there. */
export function startOfData(header: Buffer, {headerOffset, packedBytes}: ZipPlace, archiveBytes: number): number {
	if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== HEADER_SIGNATURE) {
		throw corruptData(
			'zip',
			`Expected the header of the file at byte ${headerOffset} of the archive, where its list says; something else is there. Fetch the archive again`,
			headerOffset,
		);
	}
	const start = headerOffset + HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
	if (start + packedBytes <= archiveBytes) return start;
	throw corruptData(
		'zip',
		`The archive ends at byte ${archiveBytes}, within the data of the file: expected ${packedBytes} bytes from byte ${start} on. Fetch the archive again`,
		archiveBytes,
	);
}

function createUnpacker(packed: StoredData, {method, packedBytes, unpackedBytes}: ZipPlace): Unpacker {
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
function unpackAtOnce(packed: StoredData, packedBytes: number, unpackedBytes: number): Unpacker {
	let data: ByteSource | null = null;
	return {
		async read(target) {
			data ??= withStart(inflateAtOnce(await readStart(packed, packedBytes), unpackedBytes), emptySource);
			return data.read(target);
		},
		close() {},
	};
}

/** The list of the archive says how much there is, and of which checksum. */
function verifiedData(
	unpacker: Unpacker,
	{unpackedBytes, crc32: expected, method, dataStart}: ZipPlace & {readonly dataStart: number},
	assertWithin: (length: number, packedBytes: number) => void,
	packedBytesRead: () => number,
): ByteSource {
	const {crc32} = process.getBuiltinModule('node:zlib');
	let bytes = 0;
	let checksum = 0;
	return {
		async read(target) {
			const length = await inArchive(dataStart, async () => unpacker.read(target));
			bytes += length;
			if (method !== 'stored') assertWithin(length, packedBytesRead());
			if (length === 0 ? bytes < unpackedBytes : bytes > unpackedBytes) {
				throw corruptData(
					'zip',
					`The file unpacks to ${length === 0 ? bytes : `more than ${unpackedBytes}`} bytes; the list of the archive says ${unpackedBytes}. Fetch the archive again`,
					dataStart,
				);
			}
			checksum = crc32(target.subarray(0, length), checksum);
			if (length === 0 && checksum !== expected) {
				throw corruptData(
					'zip',
					`The checksum of the file is ${asHex(checksum)}; the list of the archive says ${asHex(expected)}. Fetch the archive again`,
					dataStart,
				);
			}
			return length;
		},
	};
}

/** Faults of the packed data of a member with their places in the archive. */
async function inArchive<Result>(dataStart: number, read: () => Promise<Result>): Promise<Result> {
	try {
		return await read();
	} catch (error) {
		if (!(error instanceof InputError) || error.at.byteOffset === null) throw error;
		throw error.movedTo({line: null, byteOffset: dataStart + error.at.byteOffset});
	}
}

const asHex = (checksum: number): string => checksum.toString(16).padStart(8, '0');
