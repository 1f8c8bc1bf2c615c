// A small member of an archive as a whole, for the fast path of small files.
import {InputError} from '../../../input/input-error.ts';
import {ReadError} from '../../shared/errors.ts';
import type {FileState} from '../../shared/file-state.ts';
import type {MemberLocation, MemberPlace, SourceLocation, TarPlace, ZipPlace} from '../../shared/protocol.ts';
import type {RegularFile} from '../../shared/regular-file.ts';
import {describeSystemError} from '../../shared/system-errors.ts';
import {inflateAtOnce} from '../../unpacking/inflate-at-once.ts';
import {packingOf} from '../../unpacking/packing.ts';
import type {UnpackLimits} from '../../unpacking/unpacked-source.ts';
import {openListedArchive, stateOfMember} from './member-data.ts';
import {findData, SMALL_BYTES} from './open-member.ts';
import {heldTarMember, holdTarMember} from './open-tar-member.ts';

export interface SmallMember {
	/** There until the next one is read. */
	readonly data: Uint8Array;
	readonly state: FileState;
}

/**
Unpacks a small member of a packed tar archive for `readSmallMember`, which does not wait. Nothing of other sources is needed.

@param onRead - Called when bytes of the archive have come.
*/
export async function unpackSmallMember(
	source: SourceLocation,
	limits: UnpackLimits,
	onRead: () => void,
): Promise<void> {
	if (source.kind !== 'member' || source.archive.kind !== 'file' || source.place.format !== 'tar') return;
	const {archive, place} = source;
	if (place.packing === null || place.unpackedBytes === 0 || place.unpackedBytes > SMALL_BYTES) return;
	try {
		await holdTarMember(archive.path, place, place.packing, limits, onRead);
	} catch (error) {
		// Opening it says what is wrong.
		if (error instanceof InputError || error instanceof ReadError) return;
		if (!(error instanceof Error) || describeSystemError(error) === null) throw error;
	}
}

/** `null` for one that is not small or sound, or is packed in another way: opening it says what is wrong. */
export function readSmallMember({archive, name, place}: MemberLocation): SmallMember | null {
	const {unpackedBytes} = place;
	if (archive.kind !== 'file' || unpackedBytes === 0 || unpackedBytes > SMALL_BYTES) return null;
	try {
		const member =
			place.format === 'tar' && place.packing !== null ? readHeld(place) : readFromArchive(archive.path, place);
		return member?.data.length === unpackedBytes && packingOf(member.data, name) === null ? member : null;
	} catch (error) {
		if (error instanceof InputError) return null;
		throw error;
	}
}

function readHeld(place: TarPlace): SmallMember | null {
	const held = heldTarMember(place);
	if (held === null || held.archive.state === null) return null;
	held.archive.assertUnchanged();
	return {data: held.data, state: stateOfMember(held.archive.state, place)};
}

function readFromArchive(path: string | Uint8Array, place: MemberPlace): SmallMember | null {
	if (!isSimple(place)) return null;
	const file = openListedArchive(path, place);
	try {
		const data =
			place.format === 'zip'
				? readZipMember(file, place)
				: file.readBytes(place.dataOffset, place.dataOffset + place.unpackedBytes);
		file.assertUnchanged(file.stats.size);
		return data && {data, state: stateOfMember(file.stats, place)};
	} finally {
		file.close();
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
