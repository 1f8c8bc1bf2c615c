// What the list of an archive says of one member.
import {InputError} from '../../input/input-error.ts';
import {MAX_ARCHIVE_MEMBERS} from '../shared/limits.ts';
import type {MemberPlace} from '../shared/protocol.ts';

export interface ArchiveMember {
	/** Bytes as in the archive, which are shown and never used as a path. */
	readonly name: Buffer;
	readonly kind: 'file' | 'folder' | 'link' | 'other';
	/** Its size in the archive, and unpacked. */
	readonly packedBytes: number;
	readonly unpackedBytes: number;
	/** Where it is, or why it cannot be read. */
	readonly place: MemberPlace | InputError;
}

export const tooManyMembers = (): InputError =>
	new InputError(
		'SUSPECTED_BOMB',
		`The archive has more than ${MAX_ARCHIVE_MEMBERS} files, which is the most that are read. If it is what it should be, unpack it first`,
	);
