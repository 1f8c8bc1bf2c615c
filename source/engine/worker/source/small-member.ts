// A small member of an archive as a whole, for the fast path of small files.
import {InputError} from '../../../input/input-error.ts';
import type {FileState} from '../../shared/file-state.ts';
import type {MemberLocation, MemberPlace, ZipPlace} from '../../shared/protocol.ts';
import type {RegularFile} from '../../shared/regular-file.ts';
import {inflateAtOnce} from '../../unpacking/inflate-at-once.ts';
import {packingOf} from '../../unpacking/packing.ts';
import {openListedArchive, stateOfMember} from './member-data.ts';
import {findData, SMALL_BYTES} from './open-member.ts';

export interface SmallMember {
	/** There until the next one is read. */
	readonly data: Uint8Array;
	readonly state: FileState;
}

/** `null` for one that is not small or sound, or is packed in another way: opening it says what is wrong. */
export function readSmallMember({archive, name, place}: MemberLocation): SmallMember | null {
	const {unpackedBytes} = place;
	if (archive.kind !== 'file' || unpackedBytes === 0 || unpackedBytes > SMALL_BYTES || !isSimple(place)) return null;
	try {
		const file = openListedArchive(archive.path, place);
		try {
			const data =
				place.format === 'zip'
					? readZipMember(file, place)
					: file.readBytes(place.dataOffset, place.dataOffset + unpackedBytes);
			if (data?.length !== unpackedBytes || packingOf(data, name) !== null) return null;
			file.assertUnchanged(file.stats.size);
			return {data, state: stateOfMember(file.stats, place)};
		} finally {
			file.close();
		}
	} catch (error) {
		if (error instanceof InputError) return null;
		throw error;
	}
}

/** Whether it is had by one read. */
const isSimple = (place: MemberPlace): boolean =>
	place.format === 'tar' ? place.packing === null : place.method !== 'zstd' && place.packedBytes <= SMALL_BYTES;

/** The packed bytes of one member at a time: new memory for each would be given back much later. */
const packedMemory = new Uint8Array(SMALL_BYTES);

function readZipMember(file: RegularFile, place: ZipPlace): Uint8Array | null {
	const packed = packedMemory.subarray(0, place.packedBytes);
	if (file.readAt(packed, findData(file, place)) < packed.length) return null;
	const data = place.method === 'stored' ? packed : inflateAtOnce(packed, place.unpackedBytes);
	const {crc32} = process.getBuiltinModule('node:zlib');
	return crc32(data) === place.crc32 ? data : null;
}
