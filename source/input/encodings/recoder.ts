// What turns bytes of an encoding into UTF-8, in pieces of whole characters.

export interface Recoder {
	/** Bytes of each ASCII character in the encoding. */
	readonly asciiBytes: 1 | 2 | 4;
	/** How many of the bytes are whole characters, where more follow. At least those of all but the last character. */
	readonly wholeBytes: (bytes: Uint8Array) => number;
	/**
	@param bytes - Whole characters, or the end of the text. They may be changed.
	@throws {InvalidTextError} At the first that are no character.
	*/
	readonly toUtf8: (bytes: Buffer) => Uint8Array;
	/** How many bytes a character has that has so many in UTF-8. */
	readonly characterBytes: (utf8Bytes: number) => number;
}

/** Bytes that are no character of the encoding. */
export class InvalidTextError extends Error {
	override readonly name = 'InvalidTextError';
	/** The index of the first of them. */
	readonly index: number;

	/** @param found - What is there: `an unpaired surrogate`. */
	constructor(index: number, found: string) {
		super(found);
		this.index = index;
	}
}
