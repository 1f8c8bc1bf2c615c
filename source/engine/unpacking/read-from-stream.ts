import type {Readable} from 'node:stream';
import type {ByteSource} from '../../input/byte-source.ts';

/** Pulls from a stream: it is asked for more only when what it gave has been taken. */
export function readFromStream(stream: Readable): ByteSource['read'] {
	const chunks = stream[Symbol.asyncIterator]();
	let rest: Uint8Array = new Uint8Array(0);
	return async target => {
		while (rest.length === 0) {
			const next = await chunks.next();
			if (next.done) return 0;
			rest = next.value;
		}
		const length = Math.min(rest.length, target.length);
		target.set(rest.subarray(0, length));
		rest = rest.subarray(length);
		return length;
	};
}
