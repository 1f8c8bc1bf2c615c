/** Where bytes come from: a file, an unpacker, standard input, an array in a test. */
export interface ByteSource {
	/**
	Fills the beginning of `target` with the next bytes.

	@returns How many; 0 at the end, and only there.
	*/
	readonly read: (target: Uint8Array) => number | Promise<number>;
}

/** A source of which some can be read from any place. */
export interface SeekableSource extends ByteSource {
	/** To be asked after the first read: nothing packed can. */
	readonly isSeekable: boolean;
	readonly seek: (byteOffset: number) => void;
}
