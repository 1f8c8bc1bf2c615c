// What all unpackers of node:zlib have in common that hand their data to one stream.
import type {Transform} from 'node:stream';
import type {ByteSource} from '../../input/byte-source.ts';
import {damagedData, type PackedForm, trailingData, truncatedData} from './corrupt-data.ts';
import {readFromStream} from './read-from-stream.ts';
import {isZlibError, UNPACKED_CHUNK_BYTES, type Unpacker} from './unpacker.ts';

export interface StreamUnpacking {
	readonly form: PackedForm;
	/** Packed bytes that are handed over at a time. */
	readonly chunkBytes: number;
	/** Whether zeros may follow. */
	readonly mayBePadded?: boolean;
	/** What an error of the stream means, where that is more than it says. */
	readonly explain?: (error: NodeJS.ErrnoException) => string | null;
}

/** @param stream - Counts what it has used of the packed bytes. */
export function unpackWithStream(
	stream: Transform & {readonly bytesWritten: number},
	packed: ByteSource,
	{form, chunkBytes, mayBePadded = false, explain}: StreamUnpacking,
): Unpacker {
	let packedBytes = 0;
	/** Where the last packed byte ends that is not padding. */
	let dataEnd = 0;
	const chunk = new Uint8Array(chunkBytes);
	const readPacked = async (): Promise<number> => {
		const length = await packed.read(chunk);
		let end = length;
		if (mayBePadded) while (end > 0 && chunk[end - 1] === 0) end--;
		if (end > 0) dataEnd = packedBytes + end;
		packedBytes += length;
		return length;
	};
	/** Hands one chunk after the other to be unpacked; each has been when the next takes its place. */
	const feed = async (): Promise<void> => {
		// What is written to a stream that was destroyed is taken at once, without a word.
		while (!stream.destroyed) {
			const length = await readPacked();
			if (length === 0) {
				stream.end();
				return;
			}
			await new Promise(resolve => stream.write(chunk.subarray(0, length), resolve));
			// It has ended: what is left is for `assertNothingFollows`.
			if (stream.bytesWritten < packedBytes) return;
		}
	};
	/** node:zlib ends where the data does, whatever follows: another part would be left out without a word. */
	const assertNothingFollows = async (): Promise<void> => {
		while ((await readPacked()) > 0);
		if (dataEnd > stream.bytesWritten) throw trailingData(form, stream.bytesWritten, packedBytes);
	};
	let isFed = false;
	const read = readFromStream(stream, UNPACKED_CHUNK_BYTES);
	return {
		async read(target) {
			// Nothing is read before anything is wanted: the caller may still go to its beginning.
			if (!isFed) {
				isFed = true;
				// A read that failed ends the unpacking with its error.
				feed().catch((error: Error) => stream.destroy(error));
			}
			let length: number;
			try {
				length = await read(target);
			} catch (error) {
				throw isZlibError(error) ? explainZlib(form, error, stream.bytesWritten, packedBytes, explain) : error;
			}
			if (length === 0) await assertNothingFollows();
			return length;
		},
		close() {
			stream.destroy();
		},
	};
}

/** @param soundBytes - See `damagedData`. */
export function explainZlib(
	form: PackedForm,
	error: NodeJS.ErrnoException,
	soundBytes: number,
	packedBytes: number,
	explain: NonNullable<StreamUnpacking['explain']> = () => null,
): Error {
	if (error.code === 'Z_BUF_ERROR') return truncatedData(form, packedBytes);
	return damagedData(form, explain(error) ?? `${error.message} (${error.code})`, soundBytes, packedBytes);
}
