// Takes the body of a request to a file.
import type {Readable} from 'node:stream';
import {GatheringWriter, type WritableHandle} from './gathering-writer.ts';

export interface Received {
	/** Behind the last byte that is in the file. */
	readonly end: number;
	/** Whether the stream has come to its end; else it has broken off, and what came before is in the file. */
	readonly isWhole: boolean;
}

/**
@param onBytes - Called with all of it in order; what it throws ends the whole. The stream is then left as it is: an answer may follow.
@throws {Error} Of the system, when it cannot be written.
*/
export async function receive(
	stream: Readable,
	handle: WritableHandle,
	offset: number,
	onBytes: (bytes: Buffer) => void,
): Promise<Received> {
	const pieces: AsyncIterator<Buffer> = stream.iterator({destroyOnReturn: false});
	const writer = new GatheringWriter(handle, offset);
	try {
		for (;;) {
			const next = await pieces.next().catch(() => null);
			if (next === null || next.done === true) return {end: await writer.finish(), isWhole: next !== null};
			onBytes(next.value);
			await writer.add(next.value);
		}
	} catch (error) {
		// Who sends reads no answer before everything is sent.
		await pieces.return?.();
		stream.resume();
		throw error;
	} finally {
		// Nothing is written any more once this has ended, however it ends.
		await writer.settle();
	}
}
