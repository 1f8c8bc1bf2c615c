// The members of a tar archive, from the headers in front of them. A plain one is gone over from header to header; one that is packed must be
// unpacked for it to its end, whose checksum then vouches for all of it.
import {InputError} from '../../input/input-error.ts';
import type {ArchiveBytes} from '../shared/archive-bytes.ts';
import {MAX_ARCHIVE_MEMBERS} from '../shared/limits.ts';
import type {Packing} from '../shared/protocol.ts';
import {PACKING_BYTES, packingOf} from '../unpacking/packing.ts';
import {PlainTar, type TarInput, UnpackedTar} from '../unpacking/tar-input.ts';
import {createUnpackedSource, type UnpackLimits} from '../unpacking/unpacked-source.ts';
import {type ArchiveMember, tooManyMembers} from './archive-member.ts';
import {BLOCK_BYTES, readPaxRecords, readTarHeader, type TarHeader, untilZero} from './tar-header.ts';

/** A header that says something of another one is no longer than this. */
const LONGEST_EXTENSION_BYTES = 1024 * 1024;

/**
@param name - Of the archive, which says how it is packed where its bytes do not.
@param onRead - Called when packed bytes have come.
@throws {InputError} Where not all of the archive can be read.
*/
export async function listTar(
	file: ArchiveBytes,
	name: string,
	limits: UnpackLimits,
	onRead: () => void,
): Promise<ArchiveMember[]> {
	const packing = packingOf(await file.readBytes(0, PACKING_BYTES), name);
	const {identity, size} = file;
	if (packing === null) return listMembers(new PlainTar(file), identity, null);
	const unpacked = createUnpackedSource(packing, file.whole, size, limits, onRead);
	try {
		return await listMembers(new UnpackedTar(unpacked), identity, packing);
	} finally {
		unpacked.close();
	}
}

/** What headers say of the next one. */
interface Extension {
	readonly name?: Buffer;
	readonly records?: ReadonlyMap<string, Buffer>;
}

async function listMembers(input: TarInput, identity: string, packing: Packing | null): Promise<ArchiveMember[]> {
	const members: ArchiveMember[] = [];
	let extension: Extension = {};
	for (;;) {
		const start = input.offset;
		const block = await input.take(BLOCK_BYTES);
		if (block.length < BLOCK_BYTES) throw cutOff(input.offset);
		if (isZero(block)) {
			await assertOnlyZeros(input);
			return members;
		}
		const header = readTarHeader(block);
		if (header === null)
			throw corruptTar(`expected the header of a file at byte ${start}, found something else`, start);
		const more = await readExtension(input, header, start);
		if (more !== null) {
			extension = {...extension, ...more};
			continue;
		}
		if (members.length === MAX_ARCHIVE_MEMBERS) throw tooManyMembers();
		const member = memberOf(header, extension, input.offset, identity, packing);
		members.push(member);
		extension = {};
		const dataBytes = Math.ceil(member.unpackedBytes / BLOCK_BYTES) * BLOCK_BYTES;
		if (!(await input.skip(dataBytes))) throw cutOff(input.offset);
	}
}

/** `null` where the header is one of a file. */
async function readExtension(input: TarInput, {type, size}: TarHeader, start: number): Promise<Extension | null> {
	if (!'xgLK'.includes(type)) return null;
	if (size > LONGEST_EXTENSION_BYTES)
		throw corruptTar(`the header at byte ${start} says that it has ${size} bytes`, start);
	const padded = Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
	const bytes = await input.take(padded);
	if (bytes.length < padded) throw cutOff(input.offset);
	const data = bytes.subarray(0, size);
	if (type === 'L') return {name: untilZero(data)};
	if (type !== 'x') return {};
	const records = readPaxRecords(data);
	if (records === null) throw corruptTar(`the pax header at byte ${start} is damaged`, start);
	return {records};
}

function memberOf(
	header: TarHeader,
	{name: longName, records}: Extension,
	dataOffset: number,
	archiveIdentity: string,
	packing: Packing | null,
): ArchiveMember {
	const name = records?.get('path') ?? longName ?? header.name;
	const kind = kindOf(header.type, name);
	const paxSize = records?.get('size')?.toString('latin1') ?? '';
	const size = /^\d{1,15}$/.test(paxSize) ? Number(paxSize) : header.size;
	// Folders and links have no data, whatever their headers say.
	const unpackedBytes = '23456'.includes(header.type) ? 0 : size;
	const isSparse = header.type === 'S' || Array.from(records?.keys() ?? []).some(key => key.startsWith('GNU.sparse.'));
	return {
		name,
		kind: isSparse ? 'file' : kind,
		packedBytes: unpackedBytes,
		unpackedBytes,
		place: isSparse ? sparse() : {format: 'tar', archiveIdentity, packing, dataOffset, unpackedBytes},
	};
}

function kindOf(type: string, name: Buffer): ArchiveMember['kind'] {
	if (type === '5' || name.at(-1) === 0x2f) return 'folder';
	if (type === '1' || type === '2') return 'link';
	return '07\0'.includes(type) ? 'file' : 'other';
}

const isZero = (block: Buffer): boolean => block.every(byte => byte === 0);

/** Behind the end an archive is filled up with zeros. Another archive there would be left out without a word. */
async function assertOnlyZeros(input: TarInput): Promise<void> {
	for (;;) {
		const start = input.offset;
		const block = await input.take(64 * BLOCK_BYTES);
		if (block.length === 0) return;
		const other = block.findIndex(byte => byte !== 0);
		if (other !== -1)
			throw corruptTar(`behind its end, at byte ${start + other}, something else follows`, start + other);
	}
}

/** @param byteOffset - Of the unpacked archive. */
const corruptTar = (reason: string, byteOffset: number): InputError =>
	new InputError('CORRUPT_TAR', `The archive cannot be read: ${reason}. Fetch it again`, {line: null, byteOffset});

const cutOff = (bytes: number): InputError =>
	corruptTar(
		`it is cut off: a tar archive ends with zeros, and this one has none behind its files, at byte ${bytes}`,
		bytes,
	);

const sparse = (): InputError =>
	new InputError(
		'UNSUPPORTED_FORMAT',
		'The file cannot be read within its archive: it is stored with its holes left out (sparse). Unpack it first, for example: tar -x',
	);
