// What the files of one task came to, kept with its result so that it can be added to that of other tasks.
import {promisify} from 'node:util';
import {constants, zstdCompress} from 'node:zlib';
import type {NamedPartial} from '../engine/shared/protocol.ts';
import {serializePartials} from './tables/combine-results.ts';

/** Of one task, before it is compressed: tables of half a million groups are more, and are not added up. */
const MAX_BYTES = 8 * 1024 * 1024;

const SMALL_BYTES = 16 * 1024;

const compress = promisify(zstdCompress);

export class GatheredPartials {
	#all: NamedPartial[] | null = [];
	#bytes = 0;

	/** @param encode - Gives those of a file. */
	add(encode: () => readonly NamedPartial[]): void {
		if (this.#all === null) return;
		const added = encode();
		this.#bytes += added.reduce((sum, {partial}) => sum + partial.length, 0);
		if (this.#bytes > MAX_BYTES) this.#all = null;
		else this.#all.push(...added);
	}

	/** `null`: they are too large, or there are none. */
	async pack(): Promise<Uint8Array | null> {
		if (this.#all === null || this.#all.length === 0) return null;
		const serialized = serializePartials(this.#all);
		// To set a compressor up costs more than the bytes of a small one.
		if (serialized.length <= SMALL_BYTES) return serialized;
		const params = {[constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1};
		return compress(serialized, {params});
	}
}
