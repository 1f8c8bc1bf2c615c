import {trailingData} from './corrupt-data.ts';
import {explainZlib} from './unpack-stream.ts';
import {isZlibError} from './unpacker.ts';

/** As node:zlib has it. */
const LEAST_CHUNK_BYTES = 64;

/**
Unpacks all data of a member, and nothing else.

@returns One byte more where there is more than there should be.
@throws {InputError}
*/
export function inflateAtOnce(packed: Uint8Array, unpackedBytes: number): Uint8Array {
	const {inflateRawSync} = process.getBuiltinModule('node:zlib');
	// All of it comes in one piece, which is not copied again.
	const chunkSize = Math.max(LEAST_CHUNK_BYTES, unpackedBytes + 1);
	const options = {chunkSize, maxOutputLength: unpackedBytes + 1, info: true};
	try {
		const {buffer, engine} = inflateRawSync(packed, options) as unknown as UnpackedWithInfo;
		if (engine.bytesWritten < packed.length) throw trailingData('zip', engine.bytesWritten, packed.length);
		return buffer;
	} catch (error) {
		if (isTooLarge(error)) return new Uint8Array(unpackedBytes + 1);
		throw isZlibError(error) ? explainZlib('zip', error, 0, packed.length) : error;
	}
}

/** What node:zlib gives with `info`, of which its types say nothing. */
interface UnpackedWithInfo {
	readonly buffer: Buffer;
	readonly engine: {readonly bytesWritten: number};
}

const isTooLarge = (error: unknown): boolean =>
	error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
