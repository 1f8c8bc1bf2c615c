import type {Readable} from 'node:stream';
import type {ByteSource} from '../../csv/byte-source.ts';

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

/** The first bytes of a source, or fewer where it has fewer. */
export async function readStart(source: ByteSource, length: number): Promise<Uint8Array> {
	const start = new Uint8Array(length);
	let filled = 0;
	while (filled < length) {
		const read = await source.read(start.subarray(filled));
		if (read === 0) break;
		filled += read;
	}
	return start.subarray(0, filled);
}

/** A source whose first bytes have been read: it gives them once more. */
export function withStart(start: Uint8Array, rest: ByteSource): ByteSource {
	let offset = 0;
	return {
		read(target) {
			if (offset === start.length) return rest.read(target);
			const piece = start.subarray(offset, offset + target.length);
			target.set(piece);
			offset += piece.length;
			return piece.length;
		},
	};
}
