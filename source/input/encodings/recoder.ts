// What turns bytes of an encoding into UTF-8, in pieces of whole characters.

export interface Recoded {
	/** Good until more is recoded. */
	readonly text: Uint8Array;
	/** How many of the bytes it is made of: all, or those in front of the first ones that are no character. */
	readonly end: number;
}

export interface Recoder {
	/** Bytes of each ASCII character in the encoding. */
	readonly asciiBytes: 1 | 2 | 4;
	/** How many of the bytes are whole characters, where more follow. At least those of all but the last character. */
	readonly wholeBytes: (bytes: Uint8Array) => number;
	/**
	@param bytes - Whole characters, or the end of the text.
	@throws {OtherByteOrderError}
	*/
	readonly toUtf8: (bytes: Buffer) => Recoded;
	/** How many bytes there are no character, where `toUtf8` has ended. */
	readonly invalidBytes: (bytes: Uint8Array, at: number) => number;
	/** Whether `characterBytes` looks at the bytes. */
	readonly keepsBytes: boolean;
	/** How many bytes a character has that has so many in UTF-8, and begins there in the encoding. */
	readonly characterBytes: (utf8Bytes: number, bytes: Uint8Array, at: number) => number;
}

/** A byte order mark of the other byte order within a text: files were joined. */
export class OtherByteOrderError extends Error {
	override readonly name = 'OtherByteOrderError';
	/** Its index in the bytes. */
	readonly index: number;

	constructor(index: number) {
		super('a byte order mark of the other byte order');
		this.index = index;
	}
}

/** How long a character is. @param first - Its first byte in UTF-8. */
export const utf8Length = (first: number): number => (first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);

/** Writes a character that is not ASCII. Returns where it ends. */
export function writeCharacter(text: Uint8Array, start: number, code: number): number {
	let end = start;
	if (code < 0x800) text[end++] = 0xc0 | (code >> 6);
	else {
		if (code < 0x10000) text[end++] = 0xe0 | (code >> 12);
		else {
			text[end++] = 0xf0 | (code >> 18);
			text[end++] = 0x80 | ((code >> 12) & 0x3f);
		}
		text[end++] = 0x80 | ((code >> 6) & 0x3f);
	}
	text[end++] = 0x80 | (code & 0x3f);
	return end;
}
