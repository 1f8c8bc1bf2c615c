// What is said of packed data that cannot be unpacked.
import {InputError, type InputErrorCode} from '../../input/input-error.ts';
import type {Packing} from '../shared/protocol.ts';
import {emptyPackedBytes, packingEndings, packingNames, packingOfName} from './packing.ts';

/** What can be damaged: packed files, and members of archives. */
export type PackedForm = Packing | 'zip';

const codes: {readonly [Each in PackedForm]: InputErrorCode} = {
	zip: 'CORRUPT_ZIP',
	gzip: 'CORRUPT_GZIP',
	zstd: 'CORRUPT_ZSTD',
	brotli: 'CORRUPT_BROTLI',
};

const formNames: {readonly [Each in PackedForm]: string} = {...packingNames, zip: 'ZIP'};

/**
@param message - What is wrong, where, and what to do.
@param byteOffset - Of the packed data; of a member of an archive, of the archive.
*/
export const corruptData = (packing: PackedForm, message: string, byteOffset: number): InputError =>
	new InputError(codes[packing], message, {line: null, byteOffset});

/** The file ends before its packed data does. */
export const truncatedData = (packing: PackedForm, packedBytes: number): InputError =>
	corruptData(
		packing,
		`The file is cut off: its ${formNames[packing]} data does not end within its ${packedBytes} bytes. Fetch it again`,
		packedBytes,
	);

/** The packed data has its end, and behind it stands something else. */
export const trailingData = (packing: PackedForm, dataBytes: number, packedBytes: number): InputError =>
	corruptData(
		packing,
		`The packed data ends after ${dataBytes} of ${packedBytes} bytes, and something else follows. Expected nothing but ${formNames[packing]}; fetch the file again`,
		dataBytes,
	);

/**
What the unpacker says is wrong, in its words.

@param soundBytes - So many in front have been unpacked without a fault.
@param packedBytes - The fault is in front of them.
*/
export const damagedData = (packing: PackedForm, reason: string, soundBytes: number, packedBytes: number): InputError =>
	corruptData(
		packing,
		`The file cannot be unpacked: ${reason} within its first ${packedBytes} bytes. Expected a complete ${formNames[packing]} file; fetch it again`,
		soundBytes,
	);

/**
What packs nothing writes some bytes. An empty file of any other name is a table without a record.

@param name - Of an empty file.
*/
export function assertNotNamedPacked(name: string | Uint8Array | null): void {
	const packing = packingOfName(name);
	if (packing === null) return;
	const bytes = emptyPackedBytes[packing];
	throw new InputError(
		codes[packing],
		`The file is empty, but by its name it is ${packingNames[packing]}, which takes at least ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}. Fetch it again, or name it without ${packingEndings[packing]} if it is an empty table`,
		{line: null, byteOffset: 0},
	);
}
