// How pages of Parquet are packed.
import {type CompressionCodec, type PageHeader, snappyUncompress} from 'hyparquet';
import {unsupportedParquet} from './parquet-errors.ts';

/**
@returns The bytes of the page, and of nothing else.
@throws {Error} Where they are damaged.
*/
export function unpackPage(
	packed: Uint8Array,
	{uncompressed_page_size: unpackedBytes, data_page_header_v2: second}: PageHeader,
	codec: CompressionCodec,
): Uint8Array {
	// In the second version, what says which cells are empty stands in front, and is not packed.
	const levelBytes =
		second === undefined ? 0 : second.repetition_levels_byte_length + second.definition_levels_byte_length;
	const rest = packed.subarray(levelBytes);
	const restBytes = unpackedBytes - levelBytes;
	// Where nothing was packed, there may be no bytes, which no packing has.
	if (restBytes === 0) return packed.slice(0, levelBytes);
	const unpacked = second?.is_compressed === false ? rest : unpack(rest, restBytes, codec);
	if (unpacked.length !== restBytes) throw new Error(`it has ${unpacked.length} bytes, and should have ${restBytes}`);
	const page = new Uint8Array(unpackedBytes);
	page.set(packed.subarray(0, levelBytes));
	page.set(unpacked, levelBytes);
	return page;
}

function unpack(packed: Uint8Array, unpackedBytes: number, codec: CompressionCodec): Uint8Array {
	const {brotliDecompressSync, gunzipSync, zstdDecompressSync} = process.getBuiltinModule('node:zlib');
	const options = {maxOutputLength: unpackedBytes};
	switch (codec) {
		case 'UNCOMPRESSED':
			return packed;
		case 'SNAPPY': {
			const unpacked = new Uint8Array(unpackedBytes);
			snappyUncompress(packed, unpacked);
			return unpacked;
		}
		case 'GZIP':
			return gunzipSync(packed, options);
		case 'BROTLI':
			return brotliDecompressSync(packed, options);
		case 'ZSTD':
			return zstdDecompressSync(packed, options);
		case 'LZ4_RAW':
			return unpackLz4(packed, unpackedBytes);
		default:
			throw unsupportedParquet(
				`it is packed with ${codec}`,
				'Write it again packed with Zstandard, Snappy, gzip, Brotli or LZ4_RAW',
			);
	}
}

/** A block of LZ4 (lz4_Block_format.md): literals, then a copy of what came before, over and over. */
function unpackLz4(packed: Uint8Array, unpackedBytes: number): Uint8Array {
	const output = new Uint8Array(unpackedBytes);
	let at = 0;
	let length = 0;
	const next = (): number => {
		const byte = packed[at++];
		if (byte === undefined) throw new Error('its LZ4 data is cut off');
		return byte;
	};
	const countOf = (short: number): number => {
		let count = short;
		if (short === 15) for (let more = 255; more === 255; count += more) more = next();
		return count;
	};
	while (at < packed.length) {
		const token = next();
		const literals = countOf(token >> 4);
		if (at + literals > packed.length || length + literals > unpackedBytes)
			throw new Error('its LZ4 data is longer than it says');
		output.set(packed.subarray(at, at + literals), length);
		at += literals;
		length += literals;
		if (at === packed.length) break;
		const offset = next() + 256 * next();
		const end = length + 4 + countOf(token & 15);
		if (offset === 0 || offset > length || end > unpackedBytes)
			throw new Error('its LZ4 data refers to what is not there');
		for (; length < end; length++) output[length] = output[length - offset] ?? 0;
	}
	return output.subarray(0, length);
}
