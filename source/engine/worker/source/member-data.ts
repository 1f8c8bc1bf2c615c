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

/** A member is as its archive is, and as large as it is there. */
export const stateOfMember = ({dev, ino, mtimeMs, ctimeMs}: FileState, place: MemberPlace): FileState => ({
	dev,
	ino,
	size: place.format === 'zip' ? place.packedBytes : place.unpackedBytes,
	mtimeMs,
	ctimeMs,
});

export const identityOfMember = (archive: FileState, place: MemberPlace): string =>
	identityOf(stateOfMember(archive, place));

/** Bytes of a file from a place on. */
export class MemberData implements ByteSource {
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
