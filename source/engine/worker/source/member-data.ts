// What members of archives have in common.
import type {ByteSource} from '../../../input/byte-source.ts';
import {InputError} from '../../../input/input-error.ts';
import {type FileState, identityOf} from '../../shared/file-state.ts';
import type {MemberPlace} from '../../shared/protocol.ts';
import {openRegularFile, type RegularFile} from '../../shared/regular-file.ts';
import type {OpenSource} from './open-source.ts';

export type Compression = OpenSource['compression'];

const tarCompressions = {gzip: 'tar.gz', zstd: 'tar.zst', brotli: 'tar.br'} as const;

export function compressionOf(place: MemberPlace): NonNullable<Compression> {
	if (place.format === 'zip') return 'zip';
	return place.packing === null ? 'tar' : tarCompressions[place.packing];
}

/** Opens an archive, which must be as it was when its members were listed. */
export function openListedArchive(path: string | Uint8Array, {archiveIdentity}: MemberPlace): RegularFile {
	const file = openRegularFile(path);
	if (identityOf(file.stats) === archiveIdentity) return file;
	file.close();
	throw new InputError(
		'CHANGED_WHILE_READING',
		'The archive changed after its files were listed. Start again when nobody writes to it',
	);
}

export const storedBytesOf = (place: MemberPlace): number =>
	place.format === 'zip' ? place.packedBytes : place.unpackedBytes;

/** A member is as its archive is, and as large as it is there. */
export const stateOfMember = ({dev, ino, mtimeMs, ctimeMs}: FileState, place: MemberPlace): FileState => ({
	dev,
	ino,
	size: storedBytesOf(place),
	mtimeMs,
	ctimeMs,
});

export const identityOfMember = (archive: FileState, place: MemberPlace): string =>
	identityOf(stateOfMember(archive, place));

/** An archive that is open, as it was when its members were listed. */
export interface OpenArchive {
	readonly size: number;
	/** From the first byte to the last. */
	readonly whole: ByteSource;
	/** `null` where it is on another machine. */
	readonly state: FileState | null;
	/** Of a member, see `OpenSource.identity`. */
	readonly identityOf: (place: MemberPlace) => string | null;
	readonly assertUnchanged: () => void;
	readonly close: () => void;
}

export interface ArchiveHere extends OpenArchive {
	readonly file: RegularFile;
	readonly state: FileState;
}

export function openArchiveHere(path: string | Uint8Array, listed: MemberPlace): ArchiveHere {
	const file = openListedArchive(path, listed);
	return {
		file,
		size: file.stats.size,
		whole: file,
		state: file.stats,
		identityOf: place => identityOfMember(file.stats, place),
		assertUnchanged: () => file.assertUnchanged(file.stats.size),
		close: () => file.close(),
	};
}

/** The data of a member as it is stored. */
export interface StoredData extends ByteSource {
	readonly bytesRead: number;
}

/** Bytes of a file from a place on. */
export class MemberData implements StoredData {
	readonly #file: RegularFile;
	readonly #start: number;
	readonly #length: number;
	readonly #onRead: () => void;
	bytesRead = 0;

	constructor(file: RegularFile, start: number, length: number, onRead: () => void) {
		this.#file = file;
		this.#start = start;
		this.#length = length;
		this.#onRead = onRead;
	}

	read(target: Uint8Array): number {
		const left = this.#length - this.bytesRead;
		if (left === 0) return 0;
		const length = this.#file.readAt(target.subarray(0, left), this.#start + this.bytesRead);
		this.bytesRead += length;
		this.#onRead();
		return length;
	}
}
