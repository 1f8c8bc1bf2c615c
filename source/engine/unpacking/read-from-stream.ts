import type {Readable} from 'node:stream';
import type {ByteSource} from '../../input/byte-source.ts';

/**
Pulls from a stream: it is asked for more only when what it gave has been taken.

@param ownBytes - The size of buffers that the stream fills one after the other, and never comes back to: each is given back when all of it has been taken,
because otherwise a hundred megabytes of them wait for the next collection of garbage.
*/
export function readFromStream(stream: Readable, ownBytes: number | null = null): ByteSource['read'] {
	const chunks = stream[Symbol.asyncIterator]();
	let rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
	return async target => {
		while (rest.length === 0) {
			const next = await chunks.next();
			if (next.done) return 0;
			rest = next.value;
		}
		const length = Math.min(rest.length, target.length);
		target.set(rest.subarray(0, length));
		const {buffer, byteOffset} = rest;
		rest = rest.subarray(length);
		if (rest.length === 0 && buffer.byteLength === ownBytes && byteOffset + length === ownBytes) {
			rest = new Uint8Array(0);
			buffer.transfer(0);
		}
		return length;
	};
}
