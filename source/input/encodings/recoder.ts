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
	/** Whether `characterBytes` looks at the bytes. */
	readonly keepsBytes: boolean;
	/** How many bytes a character has that has so many in UTF-8, and begins there in the encoding. */
	readonly characterBytes: (utf8Bytes: number, bytes: Uint8Array, at: number) => number;
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

/** `E9` */
export const showByte = (byte = 0): string => byte.toString(16).toUpperCase().padStart(2, '0');

/** How long a character is. @param first - Its first byte in UTF-8. */
export const utf8Length = (first: number): number => (first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);
