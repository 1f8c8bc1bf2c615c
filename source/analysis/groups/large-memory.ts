// Pieces of memory of megabytes that are given back to the system as soon as they are not needed any more.

const LARGE_BYTES = 256 * 1024;

/**
A buffer that may change its size is mapped by itself, and goes back to the system when it is discarded. Any other one would be kept
by the allocator for the next time, 20 MB for each thread.
*/
export const allocate = (bytes: number): ArrayBuffer =>
	bytes < LARGE_BYTES ? new ArrayBuffer(bytes) : new ArrayBuffer(bytes, {maxByteLength: bytes});

/** Memory that is only a part of a larger piece, such as a reader's view of it, is left alone. */
export function discard(piece: Uint32Array | Uint8Array): void {
	const {buffer} = piece;
	if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== piece.byteLength || buffer.byteLength === 0) return;
	if (buffer.resizable) buffer.resize(0);
	else buffer.transfer(0);
}
