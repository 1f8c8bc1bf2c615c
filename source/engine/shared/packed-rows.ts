// Rows of figures of columns, packed: they are JSON, whose names and nulls repeat themselves, and a hundred thousand files with ten
// columns would take a gigabyte.

/** Asked for and not imported, because each thread would load what it is in. */
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib');

/** Rows are packed together up to about this number of bytes: one of them is read from the rest in less than a millisecond. */
export const PACKED_TOGETHER_BYTES = 256 * 1024;

/** Higher levels take five times as long, for a fifth less. */
const LEVEL = 1;

/** @returns In memory of its own, so that it can be handed over. */
export function packRows(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	const {constants, zstdCompressSync} = zlib();
	return new Uint8Array(zstdCompressSync(bytes, {params: {[constants.ZSTD_c_compressionLevel]: LEVEL}}));
}

export const unpackRows = (packed: Uint8Array): Uint8Array => zlib().zstdDecompressSync(packed);
