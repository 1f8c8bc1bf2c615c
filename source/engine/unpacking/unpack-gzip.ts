// Unpacks gzip: all members, checksums verified, zeros behind the last one as padding and nothing else.
import type {ByteSource} from '../../input/byte-source.ts';
import {unpackWithStream} from './unpack-stream.ts';
import {UNPACKED_CHUNK_BYTES, type Unpacker} from './unpacker.ts';

/** @param chunkBytes - Packed bytes that are handed over at a time. */
export function unpackGzip(packed: ByteSource, chunkBytes: number): Unpacker {
	// Asked for here and not imported above, because each thread would load it, for a millisecond of its start.
	const {createGunzip} = process.getBuiltinModule('node:zlib');
	return unpackWithStream(createGunzip({chunkSize: UNPACKED_CHUNK_BYTES}), packed, {
		form: 'gzip',
		chunkBytes,
		mayBePadded: true,
		// Node looks for another member behind each; the beginning of the first one has been seen before.
		explain: ({message}) =>
			message === 'incorrect header check' ? 'something other than gzip stands behind a complete part' : null,
	});
}
