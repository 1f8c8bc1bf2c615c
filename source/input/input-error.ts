/** Errors that make a whole file fail; other files go on. */
export type InputErrorCode =
	| 'UNCLOSED_QUOTE'
	| 'LINE_TOO_LONG'
	| 'FIELD_TOO_LONG'
	| 'TOO_MANY_COLUMNS'
	| 'INVALID_ENCODING'
	| 'UNSUPPORTED_FORMAT'
	| 'MISSING_COLUMN'
	| 'DUPLICATE_COLUMN'
	| 'AMBIGUOUS_COLUMN'
	| 'AMBIGUOUS_FORM'
	| 'TOO_MANY_REJECTS'
	| 'ANALYSIS_FAILED'
	| 'CHANGED_WHILE_READING'
	| 'NOT_A_REGULAR_FILE'
	| 'OWN_OUTPUT'
	| 'CORRUPT_GZIP'
	| 'CORRUPT_ZSTD'
	| 'CORRUPT_BROTLI'
	| 'CORRUPT_ZIP'
	| 'CORRUPT_TAR'
	| 'CORRUPT_PARQUET'
	| 'CORRUPT_ENCRYPTION'
	| 'NO_ENCRYPTION_KEY'
	| 'SUSPECTED_BOMB';

/** Where in the file; `null` where unknown. */
export interface InputPosition {
	/** Physical line, 1-based. */
	readonly line: number | null;
	/**
	0-based, of the unpacked data where the file is compressed. Where packed data is damaged it is of that: of the file, of the
	member of a .zip, or of the unpacked archive where it is a packed .tar.
	*/
	readonly byteOffset: number | null;
}

/** The data of a file cannot be used, and reading it again would not help unless the file is changed. */
export class InputError extends Error {
	override readonly name = 'InputError';
	readonly code: InputErrorCode;
	readonly at: InputPosition;
	/** Whether the error is known only at the end of the file, after all of it was read. */
	readonly isFoundAtEnd: boolean;

	constructor(
		code: InputErrorCode,
		message: string,
		at: InputPosition = {line: null, byteOffset: null},
		{isFoundAtEnd} = {isFoundAtEnd: false},
	) {
		super(message);
		this.isFoundAtEnd = isFoundAtEnd;
		this.code = code;
		this.at = at;
	}

	/** The same at another place. Messages name a place in bytes as `(byte 12)`. */
	movedTo(at: InputPosition): InputError {
		const message = this.message.replace(`(byte ${this.at.byteOffset})`, `(byte ${at.byteOffset})`);
		return new InputError(this.code, message, at, {isFoundAtEnd: this.isFoundAtEnd});
	}
}
