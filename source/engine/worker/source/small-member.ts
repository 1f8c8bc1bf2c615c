// A small member of an archive as a whole, for the fast path of small files.
import {InputError} from '../../../input/input-error.ts';
import type {FileState} from '../../shared/file-state.ts';
import type {MemberLocation} from '../../shared/protocol.ts';
import {openRegularFile} from '../../shared/regular-file.ts';
import {inflateAtOnce} from './inflate-at-once.ts';
import {assertAsListed, findData, SMALL_BYTES, stateOfMember} from './open-member.ts';
import {packingOf} from './packing.ts';

export interface SmallMember {
	readonly data: Uint8Array;
	readonly state: FileState;
}

/** `null` for one that is not small or sound, or is packed once more: opening it says what is wrong. */
export function readSmallMember({archive, name, place}: MemberLocation): SmallMember | null {
	const {method, packedBytes, unpackedBytes} = place;
	if (archive.kind !== 'file' || method === 'zstd' || unpackedBytes === 0) return null;
	if (Math.max(packedBytes, unpackedBytes) > SMALL_BYTES) return null;
	const file = openRegularFile(archive.path);
	try {
		assertAsListed(file, place);
		const packed = new Uint8Array(packedBytes);
		if (file.readAt(packed, findData(file, place)) < packedBytes) return null;
		const data = method === 'stored' ? packed : inflateAtOnce(packed, unpackedBytes);
		const {crc32} = process.getBuiltinModule('node:zlib');
		if (data.length !== unpackedBytes || crc32(data) !== place.crc32 || packingOf(data, name) !== null) return null;
		file.assertUnchanged(file.stats.size);
		return {data, state: stateOfMember(file.stats, place)};
	} catch (error) {
		if (error instanceof InputError) return null;
		throw error;
	} finally {
		file.close();
	}
}
