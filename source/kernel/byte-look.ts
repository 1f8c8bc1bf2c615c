// A look at the bytes of a text for faults that no record shows, many times as fast as any search for each of them: whoever is to say where they are
// looks closer at the pieces that have something.
import type {KernelExports} from './exports.ts';

/** What a piece of text has, where it begins behind the one before. */
export interface SeenBytes {
	/** Controls but tabs, line ends, NUL and delimiters. */
	readonly hasControl: boolean;
	/** There may be characters of UTF-8 that no sound text has. */
	readonly mayHaveOddCharacter: boolean;
	readonly hasByteOrderMark: boolean;
	/** A line end of another kind. A CR at the end may be half of one. */
	readonly hasOtherNewline: boolean;
	/** Two line ends, one behind the other. */
	readonly hasBlankLine: boolean;
	/** A quote with a text on both sides. */
	readonly hasInnerQuote: boolean;
	readonly quotes: number;
	/** A line that may begin with a word for a sum; also where nobody has looked for one. */
	readonly mayHaveLabel: boolean;
}

export interface LookedAtText {
	readonly delimiter: string;
	/** One byte. */
	readonly quote: number;
	/** Of most lines. */
	readonly newline: '\n' | '\r\n' | '\r';
}

// As in assembly/byte-look.ts.
const NEWLINES = ['\n', '\r\n', '\r'] as const;
const [CONTROL, ODD_CHARACTER, MARK, OTHER_NEWLINE, BLANK_LINE, INNER_QUOTE, LABEL] = [1, 2, 4, 8, 16, 32, 64];
/** In front of a piece, and behind it. */
const PADDING_BYTES = 64;
const LF = 0x0a;

/** Looks at one text after the other. */
export class ByteLook {
	readonly #kernel: KernelExports;
	readonly #start: number;
	#text: LookedAtText = {delimiter: ',', quote: 0x22, newline: '\n'};
	readonly #pieceBytes: number;

	constructor(kernel: KernelExports, pieceBytes: number) {
		this.#kernel = kernel;
		this.#start = kernel.allocate(pieceBytes + 2 * PADDING_BYTES) + PADDING_BYTES;
		this.#pieceBytes = pieceBytes;
	}

	/** Pieces are to be read into this; another one after anything else was allocated in the kernel. */
	get memory(): Buffer {
		return Buffer.from(this.#kernel.memory.buffer, this.#start, this.#pieceBytes);
	}

	begin(text: LookedAtText): void {
		this.#text = text;
		this.#kernel.beginLook(this.#start);
	}

	/**
	@param length - Of the piece that is in the memory; more than 0.
	@param doLabelsCount - Whether to look for words for a sum.
	*/
	look(length: number, doLabelsCount: boolean): SeenBytes {
		const {delimiter, quote, newline} = this.#text;
		const end = this.#start + length;
		const first = byteOf(delimiter, 0);
		const last = byteOf(delimiter, delimiter.length - 1);
		const kind = NEWLINES.indexOf(newline);
		const found = this.#kernel.lookAtBytes(this.#start, end, quote, first, last, kind, Number(doLabelsCount));
		return {
			hasControl: (found & CONTROL) !== 0,
			mayHaveOddCharacter: (found & ODD_CHARACTER) !== 0,
			hasByteOrderMark: (found & MARK) !== 0,
			hasOtherNewline: (found & OTHER_NEWLINE) !== 0,
			hasBlankLine: (found & BLANK_LINE) !== 0,
			hasInnerQuote: (found & INNER_QUOTE) !== 0,
			mayHaveLabel: !doLabelsCount || (found & LABEL) !== 0,
			quotes: this.#kernel.quotesSeen(),
		};
	}
}

/** Of no delimiter, and of one that is no byte, a line end: it is one of the bytes that may stand beside quotes anyway. */
function byteOf(delimiter: string, index: number): number {
	const code = delimiter.charCodeAt(index);
	return code <= 0xff ? code : LF;
}
