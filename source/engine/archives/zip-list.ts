// Where the list of a ZIP archive is: its end says so (APPNOTE.TXT of PKWARE, 4.3.14 to 4.3.16).
import {InputError} from '../../input/input-error.ts';
import type {ArchiveBytes} from '../shared/archive-bytes.ts';

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT_BYTES = 0xffff;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const LARGE_END_SIGNATURE = 0x06064b50;
const LARGE_END_BYTES = 56;

export interface ZipList {
	/** Entries. */
	readonly count: number;
	readonly start: number;
	readonly end: number;
	/** What stands in front of the archive, as of one that unpacks itself: places in it count from behind that. */
	readonly shift: number;
}

export const corruptZip = (reason: string, byteOffset: number): InputError =>
	new InputError('CORRUPT_ZIP', `The archive cannot be read: ${reason}`, {line: null, byteOffset});

/** @throws {InputError} Where there is none, or not all of the archive is in this file. */
export async function findZipList(file: ArchiveBytes): Promise<ZipList> {
	const {size} = file;
	const tail = await readBytes(file, Math.max(0, size - END_BYTES - LONGEST_COMMENT_BYTES), size);
	const tailStart = size - tail.length;
	const endAt = findEnd(tail);
	if (endAt === -1) throw noList(size);
	const end = tail.subarray(endAt, endAt + END_BYTES);
	const endOffset = tailStart + endAt;
	const large = await findLargeEnd(file, endOffset);
	// The number of this file, and of the one where the list begins.
	if (large === null && (end.readUInt16LE(4) !== 0 || end.readUInt16LE(6) !== 0)) throw isSplit();
	const stated =
		large === null
			? {count: end.readUInt16LE(10), length: end.readUInt32LE(12), start: end.readUInt32LE(16)}
			: {
					count: Number(large.bytes.readBigUInt64LE(32)),
					length: Number(large.bytes.readBigUInt64LE(40)),
					start: Number(large.bytes.readBigUInt64LE(48)),
				};
	const listEnd = large === null ? endOffset : large.offset;
	const start = listEnd - stated.length;
	if (start < 0 || stated.start > start) throw noList(size);
	return {count: stated.count, start, end: listEnd, shift: start - stated.start};
}

/** The last place where the end can begin: its comment is the rest of the file. */
function findEnd(tail: Buffer): number {
	for (let at = tail.length - END_BYTES; at >= 0; at--) {
		if (tail.readUInt32LE(at) === END_SIGNATURE && tail.readUInt16LE(at + 20) === tail.length - at - END_BYTES)
			return at;
	}
	return -1;
}

/** Where an archive is too large for the fields of the end, another end stands in front of it. */
async function findLargeEnd(
	file: ArchiveBytes,
	endOffset: number,
): Promise<{readonly offset: number; readonly bytes: Buffer} | null> {
	const locatorOffset = endOffset - LOCATOR_BYTES;
	if (locatorOffset < LARGE_END_BYTES) return null;
	const locator = await readBytes(file, locatorOffset, endOffset);
	if (locator.length < LOCATOR_BYTES || locator.readUInt32LE(0) !== LOCATOR_SIGNATURE) return null;
	if (locator.readUInt32LE(16) > 1) throw isSplit();
	// Where something stands in front of the archive, the stated place is wrong; without further fields it is the last one.
	for (const offset of [Number(locator.readBigUInt64LE(8)), locatorOffset - LARGE_END_BYTES]) {
		if (offset > locatorOffset - LARGE_END_BYTES) continue;
		const bytes = await readBytes(file, offset, offset + LARGE_END_BYTES);
		if (bytes.readUInt32LE(0) === LARGE_END_SIGNATURE) return {offset, bytes};
	}
	throw noList(file.size);
}

async function readBytes(file: ArchiveBytes, start: number, end: number): Promise<Buffer> {
	const bytes = await file.readBytes(start, end);
	if (bytes.length === end - start) return bytes;
	throw corruptZip(
		'it became shorter while it was read. Process it again when nobody writes to it',
		start + bytes.length,
	);
}

const noList = (size: number): InputError =>
	corruptZip(
		`the list of its files, which ends a ZIP archive, is not at the end of its ${size} bytes. Either it is cut off, or something follows it, or it is none; fetch it again`,
		size,
	);

const isSplit = (): InputError =>
	new InputError(
		'UNSUPPORTED_FORMAT',
		'The archive is one part of a ZIP archive in several files. Join them first, for example: zip -s 0 parts.zip --out whole.zip',
	);
