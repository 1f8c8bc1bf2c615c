// A text that is not what its encoding allows. The place is one of the file; on which line it is, the reader knows.
import {InputError} from '../input-error.ts';

interface InvalidText {
	/** `text in UTF-16LE` */
	readonly expected: string;
	readonly found: string;
	/** A sentence. */
	readonly advice: string;
	readonly byteOffset: number;
}

export class EncodingError extends InputError {
	readonly #text: InvalidText;

	constructor(text: InvalidText, line: number | null = null) {
		const {expected, found, advice, byteOffset} = text;
		const where = line === null ? `at byte ${byteOffset}` : `on line ${line} (byte ${byteOffset})`;
		super('INVALID_ENCODING', `Expected ${expected}, found ${found} ${where}. ${advice}`, {line, byteOffset});
		this.#text = text;
	}

	/** The same with its line. */
	onLine(line: number): EncodingError {
		return new EncodingError(this.#text, line);
	}
}

/** An error of a reading; where it is of the encoding, with its line. */
export const withLine = (error: unknown, line: () => number): unknown =>
	error instanceof EncodingError ? error.onLine(line()) : error;
