// What the list of an archive says of one member.
import type {InputError} from '../../input/input-error.ts';
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
