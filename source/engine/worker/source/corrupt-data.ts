// What is said of packed data that cannot be unpacked.
import {InputError, type InputErrorCode} from '../../../input/input-error.ts';
import {emptyPackedBytes, type Packing, packingEndings, packingNames} from './packing.ts';

const codes: {readonly [Each in Packing]: InputErrorCode} = {
	gzip: 'CORRUPT_GZIP',
	zstd: 'CORRUPT_ZSTD',
	brotli: 'CORRUPT_BROTLI',
};

/** @param message - What is wrong, where, and what to do. */
export const corruptData = (packing: Packing, message: string): InputError => new InputError(codes[packing], message);

/** The file ends before its packed data does. */
export const truncatedData = (packing: Packing, packedBytes: number): InputError =>
	corruptData(
		packing,
		`The file is cut off: its ${packingNames[packing]} data does not end within its ${packedBytes} bytes. Fetch it again`,
	);

/** The packed data has its end, and behind it stands something else. */
export const trailingData = (packing: Packing, dataBytes: number, packedBytes: number): InputError =>
	corruptData(
		packing,
		`The packed data ends after ${dataBytes} of ${packedBytes} bytes, and something else follows. Expected nothing but ${packingNames[packing]}; fetch the file again`,
	);

/** What the unpacker says is wrong, in its words. */
export const damagedData = (packing: Packing, reason: string, packedBytes: number): InputError =>
	corruptData(
		packing,
		`The file cannot be unpacked: ${reason} within its first ${packedBytes} bytes. Expected a complete ${packingNames[packing]} file; fetch it again`,
	);

/** What packs nothing writes some bytes. An empty file of any other name is a table without a record. */
export function emptyPackedFile(packing: Packing): InputError {
	const bytes = emptyPackedBytes[packing];
	return new InputError(
		codes[packing],
		`The file is empty, but by its name it is ${packingNames[packing]}, which takes at least ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}. Fetch it again, or name it without ${packingEndings[packing]} if it is an empty table`,
		{line: null, byteOffset: 0},
	);
}
