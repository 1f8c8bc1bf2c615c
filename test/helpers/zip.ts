// Makes ZIP archives, sound ones and others.
import {crc32, deflateRawSync, zstdCompressSync} from 'node:zlib';

export interface ZipMember {
	readonly name: string | Buffer;
	readonly content?: string | Uint8Array;
	/** 0 is stored, 8 deflated, 93 Zstandard; of any other one the data is as it is given. */
	readonly method?: number;
	readonly flags?: number;
	/** What the list says, where that is wrong. */
	readonly crc?: number;
	readonly unpackedBytes?: number;
	readonly listedMethod?: number;
	readonly headerOffset?: number;
	/** As Unix has it: 0o100644 for a file, 0o120777 for a link. */
	readonly mode?: number;
	readonly extra?: Buffer;
	/** Sizes and places stand in the extra field for large files. */
	readonly isLarge?: boolean;
}

export interface ZipOptions {
	/** In front of the archive, which places in it do not count. */
	readonly prefix?: Buffer;
	readonly comment?: string;
	/** How many files the end says that there are. */
	readonly count?: number;
	/** Whether another end, for large archives, stands in front of the usual one. */
	readonly isLarge?: boolean;
}

const IN_EXTRA_FIELD = 0xffffffff;

export function zipOf(members: readonly ZipMember[], options: ZipOptions = {}): Buffer {
	const parts: Buffer[] = [];
	const list: Buffer[] = [];
	let offset = 0;
	for (const member of members) {
		const {data, header, entry} = packMember(member, offset);
		parts.push(header, data);
		list.push(entry);
		offset += header.length + data.length;
	}
	const directory = Buffer.concat(list);
	const end = endOf(options, members.length, directory.length, offset);
	return Buffer.concat([options.prefix ?? Buffer.alloc(0), ...parts, directory, end]);
}

function pack(method: number, content: Buffer): Buffer {
	if (method === 8) return deflateRawSync(content);
	return method === 93 ? zstdCompressSync(content) : content;
}

function packMember(
	{name, content = '', method = 8, flags = 0, mode, extra = Buffer.alloc(0), isLarge = false, ...said}: ZipMember,
	offset: number,
) {
	const bytes = Buffer.from(content);
	const data = pack(method, bytes);
	const nameBytes = Buffer.from(name);
	const crc = said.crc ?? crc32(bytes);
	const unpackedBytes = said.unpackedBytes ?? bytes.length;
	const headerOffset = said.headerOffset ?? offset;
	const header = Buffer.alloc(30);
	header.writeUInt32LE(0x04034b50, 0);
	header.writeUInt16LE(flags, 6);
	header.writeUInt16LE(method, 8);
	header.writeUInt16LE(nameBytes.length, 26);
	// The extra field here is not the one of the list.
	const localExtra = Buffer.from([1, 2, 3, 0, 9, 9, 9]);
	header.writeUInt16LE(localExtra.length, 28);
	const large = isLarge ? largeField(unpackedBytes, data.length, headerOffset) : Buffer.alloc(0);
	const entry = Buffer.alloc(46);
	entry.writeUInt32LE(0x02014b50, 0);
	entry.writeUInt8(mode === undefined ? 0 : 3, 5);
	entry.writeUInt16LE(flags, 8);
	entry.writeUInt16LE(said.listedMethod ?? method, 10);
	entry.writeUInt32LE(crc, 16);
	entry.writeUInt32LE(isLarge ? IN_EXTRA_FIELD : data.length, 20);
	entry.writeUInt32LE(isLarge ? IN_EXTRA_FIELD : unpackedBytes, 24);
	entry.writeUInt16LE(nameBytes.length, 28);
	entry.writeUInt16LE(extra.length + large.length, 30);
	entry.writeUInt16LE(mode ?? 0, 40);
	entry.writeUInt32LE(isLarge ? IN_EXTRA_FIELD : headerOffset, 42);
	return {
		data,
		header: Buffer.concat([header, nameBytes, localExtra]),
		entry: Buffer.concat([entry, nameBytes, extra, large]),
	};
}

function largeField(unpackedBytes: number, packedBytes: number, headerOffset: number): Buffer {
	const field = Buffer.alloc(28);
	field.writeUInt16LE(1, 0);
	field.writeUInt16LE(24, 2);
	for (const [index, value] of [unpackedBytes, packedBytes, headerOffset].entries())
		field.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
	return field;
}

function endOf({comment = '', count, isLarge = false}: ZipOptions, members: number, length: number, start: number) {
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(isLarge ? 0xffff : (count ?? members), 10);
	end.writeUInt32LE(isLarge ? IN_EXTRA_FIELD : length, 12);
	end.writeUInt32LE(isLarge ? IN_EXTRA_FIELD : start, 16);
	end.writeUInt16LE(comment.length, 20);
	if (!isLarge) return Buffer.concat([end, Buffer.from(comment)]);
	const large = Buffer.alloc(56);
	large.writeUInt32LE(0x06064b50, 0);
	for (const [at, value] of [
		[4, 44],
		[24, count ?? members],
		[32, count ?? members],
		[40, length],
		[48, start],
	] as const)
		large.writeBigUInt64LE(BigInt(value), at);
	const locator = Buffer.alloc(20);
	locator.writeUInt32LE(0x07064b50, 0);
	locator.writeBigUInt64LE(BigInt(start + length), 8);
	locator.writeUInt32LE(1, 16);
	return Buffer.concat([large, locator, end, Buffer.from(comment)]);
}
