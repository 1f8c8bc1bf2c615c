// The bytes of a tar archive from the first to the last; what is passed over of a plain one is not read.
import {type ByteSource, readStart} from '../../input/byte-source.ts';
import type {ArchiveBytes} from '../shared/archive-bytes.ts';

export interface TarInput {
	/** Of the next byte; in the unpacked archive, where it is packed. */
	readonly offset: number;
	/** The next bytes; fewer at the end of the archive. */
	readonly take: (length: number) => Promise<Buffer>;
	/** Resolves with false where there are fewer. */
	readonly skip: (length: number) => Promise<boolean>;
}

export class PlainTar implements TarInput {
	readonly #file: ArchiveBytes;
	offset = 0;

	constructor(file: ArchiveBytes) {
		this.#file = file;
	}

	async take(length: number): Promise<Buffer> {
		const bytes = await this.#file.readBytes(this.offset, this.offset + length);
		this.offset += bytes.length;
		return bytes;
	}

	async skip(length: number): Promise<boolean> {
		const end = this.offset + length;
		const {size} = this.#file;
		this.offset = Math.min(end, size);
		return end <= size;
	}
}

const SKIPPED_CHUNK_BYTES = 256 * 1024;

export class UnpackedTar implements TarInput {
	readonly #unpacked: ByteSource;
	#chunk: Uint8Array | null = null;
	offset = 0;

	constructor(unpacked: ByteSource) {
		this.#unpacked = unpacked;
	}

	async take(length: number): Promise<Buffer> {
		const {buffer, length: taken} = await readStart(this, length);
		return Buffer.from(buffer, 0, taken);
	}

	async skip(length: number): Promise<boolean> {
		this.#chunk ??= new Uint8Array(SKIPPED_CHUNK_BYTES);
		for (let left = length; left > 0; ) {
			const read = await this.read(this.#chunk.subarray(0, left));
			if (read === 0) return false;
			left -= read;
		}
		return true;
	}

	async read(target: Uint8Array): Promise<number> {
		const length = await this.#unpacked.read(target);
		this.offset += length;
		return length;
	}
}
