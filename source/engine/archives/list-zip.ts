// The members of a ZIP archive, from the list at its end (APPNOTE.TXT of PKWARE, 4.3 and 4.5). Nothing is unpacked.
import {isUtf8} from 'node:buffer';
import {InputError} from '../../input/input-error.ts';
import type {ArchiveBytes} from '../shared/archive-bytes.ts';
import {MAX_ARCHIVE_MEMBERS} from '../shared/limits.ts';
import type {ZipPlace} from '../shared/protocol.ts';
import {type ArchiveMember, tooManyMembers} from './archive-member.ts';
import {corruptZip, findZipList} from './zip-list.ts';

const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
/** An entry has up to 46 bytes and three times 65,535. */
const WINDOW_BYTES = 1024 * 1024;
const LONGEST_ENTRY_BYTES = ENTRY_BYTES + 3 * 0xffff;

/** What stands in a field whose value is too large for it: then an extra field has it. */
const IN_EXTRA_FIELD = 0xffffffff;
const ZIP64_FIELD = 1;
const UNICODE_NAME_FIELD = 0x7075;

const ENCRYPTED_FLAG = 1;
const UTF8_FLAG = 1 << 11;
const UNIX = 3;

const methods: ReadonlyMap<number, ZipPlace['method']> = new Map([
	[0, 'stored'],
	[8, 'deflated'],
	[93, 'zstd'],
]);

const otherMethods: ReadonlyMap<number, string> = new Map([
	[1, 'Shrink'],
	[6, 'Implode'],
	[9, 'Deflate64'],
	[12, 'bzip2'],
	[14, 'LZMA'],
	[95, 'xz'],
	[98, 'PPMd'],
	[99, 'AES'],
]);

/**
Gives one member after the other, because all at once would be most of the memory of a run.

@throws {InputError} Where the list cannot be read as a whole.
*/
export async function* listZip(file: ArchiveBytes): AsyncGenerator<ArchiveMember, void> {
	const list = await findZipList(file);
	if (list.count > MAX_ARCHIVE_MEMBERS) throw tooManyMembers();
	const window = new ListWindow(file, list.start, list.end);
	for (let index = 0; index < list.count; index++) {
		if (window.isLow) await window.load();
		yield readEntry(window.next(index), list.shift, file.identity, file.size);
	}
	window.assertAtEnd();
}

/** Goes over the list, so much of it at a time. */
class ListWindow {
	readonly #file: ArchiveBytes;
	readonly #end: number;
	/** Where in the archive the next entry begins. */
	#at: number;
	/** What is there of the list, and from where on. */
	#bytes: Buffer = Buffer.alloc(0);
	#from: number;

	constructor(file: ArchiveBytes, start: number, end: number) {
		this.#file = file;
		this.#at = start;
		this.#from = start;
		this.#end = end;
	}

	/** Whether the next entry may not be there as a whole. */
	get isLow(): boolean {
		const to = this.#from + this.#bytes.length;
		return to < this.#end && to - this.#at < LONGEST_ENTRY_BYTES;
	}

	async load(): Promise<void> {
		this.#from = this.#at;
		this.#bytes = await this.#file.readBytes(this.#at, Math.min(this.#at + WINDOW_BYTES, this.#end));
	}

	next(index: number): Entry {
		const bytes = this.#bytes.subarray(this.#at - this.#from);
		if (bytes.length < ENTRY_BYTES || bytes.readUInt32LE(0) !== ENTRY_SIGNATURE) throw this.#notAnEntry(index);
		const nameEnd = ENTRY_BYTES + bytes.readUInt16LE(28);
		const extraEnd = nameEnd + bytes.readUInt16LE(30);
		const length = extraEnd + bytes.readUInt16LE(32);
		if (length > bytes.length) throw this.#notAnEntry(index);
		const offset = this.#at;
		this.#at += length;
		return {
			offset,
			header: bytes.subarray(0, ENTRY_BYTES),
			name: bytes.subarray(ENTRY_BYTES, nameEnd),
			extra: bytes.subarray(nameEnd, extraEnd),
		};
	}

	/** A list that says less than it has would have files left out without a word. */
	assertAtEnd(): void {
		if (this.#at === this.#end) return;
		throw corruptZip(
			`its list goes on at byte ${this.#at} behind the last of the files that it says it has. Fetch the archive again`,
			this.#at,
		);
	}

	#notAnEntry(index: number): InputError {
		return corruptZip(
			`its list has no entry for file ${index + 1} at byte ${this.#at}, where one should be. Fetch the archive again`,
			this.#at,
		);
	}
}

interface Entry {
	/** Where it is in the archive. */
	readonly offset: number;
	readonly header: Buffer;
	readonly name: Buffer;
	readonly extra: Buffer;
}

function readEntry(
	{offset, header, name: shortName, extra}: Entry,
	shift: number,
	archiveIdentity: string,
	archiveBytes: number,
): ArchiveMember {
	const flags = header.readUInt16LE(8);
	const methodNumber = header.readUInt16LE(10);
	const sizes = readSizes(header, extra, offset);
	const name = Buffer.from((flags & UTF8_FLAG) === 0 ? (unicodeName(extra) ?? shortName) : shortName);
	const {packedBytes, unpackedBytes} = sizes;
	const method = methods.get(methodNumber);
	const headerOffset = sizes.headerOffset + shift;
	const problem =
		// It is in front of the list, which takes more bytes than what stands in front of the data.
		headerOffset + packedBytes > archiveBytes
			? corruptZip(
					`by its list the file ends behind the end of the archive, which has ${archiveBytes} bytes. Fetch it again`,
					offset,
				)
			: (flags & ENCRYPTED_FLAG) !== 0
				? unreadable('it is encrypted', 'Unpack it with its password first, for example: 7z x')
				: method === undefined
					? unreadable(`it is packed with ${nameMethod(methodNumber)}`, 'Unpack it first, for example: 7z x')
					: null;
	return {
		name,
		kind: kindOf(header, name),
		packedBytes,
		unpackedBytes,
		place: problem ?? {
			format: 'zip',
			archiveIdentity,
			headerOffset,
			packedBytes,
			unpackedBytes,
			method: method ?? 'stored',
			crc32: header.readUInt32LE(16),
		},
	};
}

const nameMethod = (method: number): string => otherMethods.get(method) ?? `the unknown method ${method}`;

const unreadable = (reason: string, advice: string): InputError =>
	new InputError(
		'UNSUPPORTED_FORMAT',
		`The file cannot be read within its archive: ${reason}. Expected a file that is stored, or packed with Deflate or Zstandard. ${advice}`,
	);

function kindOf(header: Buffer, name: Buffer): ArchiveMember['kind'] {
	if (name.at(-1) === 0x2f || name.at(-1) === 0x5c) return 'folder';
	if (header.readUInt8(5) !== UNIX) return 'file';
	const type = header.readUInt16LE(40) >> 12;
	if (type === 0o12) return 'link';
	return type === 0 || type === 0o10 ? 'file' : 'other';
}

interface Sizes {
	readonly packedBytes: number;
	readonly unpackedBytes: number;
	readonly headerOffset: number;
}

function readSizes(header: Buffer, extra: Buffer, offset: number): Sizes {
	const large = extraField(extra, ZIP64_FIELD);
	let at = 0;
	const take = (value: number): number => {
		if (value !== IN_EXTRA_FIELD) return value;
		if (large === null || large.length < at + 8)
			throw corruptZip('its list lacks the size or the place of a large file', offset);
		at += 8;
		return Number(large.readBigUInt64LE(at - 8));
	};
	const unpackedBytes = take(header.readUInt32LE(24));
	const packedBytes = take(header.readUInt32LE(20));
	return {unpackedBytes, packedBytes, headerOffset: take(header.readUInt32LE(42))};
}

/** Each has two bytes of a number, two of its length, and its data. */
function extraField(extra: Buffer, wanted: number): Buffer | null {
	for (let at = 0; at + 4 <= extra.length; ) {
		const end = at + 4 + extra.readUInt16LE(at + 2);
		if (extra.readUInt16LE(at) === wanted) return extra.subarray(at + 4, end);
		at = end;
	}
	return null;
}

/** The name in UTF-8, as programs write it beside one in an encoding of their own. */
function unicodeName(extra: Buffer): Buffer | null {
	const field = extraField(extra, UNICODE_NAME_FIELD);
	const VERSION_AND_CHECKSUM_BYTES = 5;
	if (field === null || field.length <= VERSION_AND_CHECKSUM_BYTES || field[0] !== 1) return null;
	const name = field.subarray(VERSION_AND_CHECKSUM_BYTES);
	return isUtf8(name) ? name : null;
}
