/** Where bytes come from: a file, an unpacker, standard input, an array in a test. */
export interface ByteSource {
	/**
	Fills the beginning of `target` with the next bytes.

	@returns How many; 0 at the end, and only there.
	*/
	readonly read: (target: Uint8Array) => number | Promise<number>;
}

/** The first bytes of a source, or fewer where it has fewer. */
export async function readStart(source: ByteSource, length: number): Promise<Uint8Array<ArrayBuffer>> {
	const start = new Uint8Array(length);
	let filled = 0;
	for (let read = 1; read > 0 && filled < length; filled += read) read = await source.read(start.subarray(filled));
	return start.subarray(0, filled);
}

/** A source whose first bytes have been read: it gives them once more. */
export function withStart(start: Uint8Array, rest: ByteSource): ByteSource {
	let at = 0;
	return {
		read(target) {
			if (at === start.length) return rest.read(target);
			const piece = start.subarray(at, at + target.length);
			target.set(piece);
			at += piece.length;
			return piece.length;
		},
	};
}

export const emptySource: ByteSource = {read: () => 0};

/** A source of which some can be read from any place. */
export interface SeekableSource extends ByteSource {
	/** To be asked after the first read: nothing packed can. */
	readonly isSeekable: boolean;
	readonly seek: (byteOffset: number) => void;
	/** Says how far somebody reads from here on, for sources that ask for data in advance. */
	readonly expect?: ((end: number) => void) | undefined;
}
