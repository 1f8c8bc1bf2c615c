// Characters that no sound text has: what other programs leave where they cannot read or write it rightly. They are a part of their cells.
import type {SeenBytes} from '../../../kernel/byte-look.ts';
import type {SniffedDialect} from './sniffed-file.ts';

export interface SpoiltPlace {
	readonly code: string;
	readonly message: string;
	readonly byteOffset: number;
}

interface Kind extends Omit<SpoiltPlace, 'byteOffset'> {
	/** Any of these sequences of bytes. */
	readonly signs: readonly Buffer[];
}

/** Without tabs, line ends, and NUL, which has its record rejected. */
const CONTROLS = [...Array.from({length: 0x1f}, (_, index) => index + 1), 0x7f].filter(
	code => code !== 0x09 && code !== 0x0a && code !== 0x0d,
);

const KINDS_OF_UTF8: readonly Kind[] = [
	{
		code: 'REPLACED_CHARACTER',
		message:
			'Expected the characters of the file, found U+FFFD, which a program has put in the place of some that it could not read',
		signs: [Buffer.from('\ufffd')],
	},
	{
		code: 'ENCODED_TWICE',
		message:
			'Expected texts that were encoded once, found one that was read in a wrong encoding and written again, like "\u00c3\u00a9" for "\u00e9"; it is read as it stands',
		// What UTF-8 has for accented letters and for quotation marks, taken for Windows-1252.
		signs: ['c383c2', 'c383e280', 'c383c5b8', 'c383c593', 'c382c2a0', 'c3a2e282ac'].map(hex => Buffer.from(hex, 'hex')),
	},
	{
		code: 'CONTROL_CHARACTER',
		message: 'Expected characters that can be seen, found one that cannot, of no width; it is read as text',
		// A blank of no width, a joiner of words, ends of lines and paragraphs, marks of direction that end nowhere, and controls of Latin-1.
		signs: [
			0x200b,
			0x2060,
			0x2028,
			0x2029,
			0x202d,
			0x202e,
			...Array.from({length: 0x20}, (_, index) => 0x80 + index),
		].map(code => Buffer.from(String.fromCharCode(code))),
	},
];

/** A no-break space at the edge of a cell. */
const paddingIn = (delimiter: string): Kind => ({
	code: 'NO_BREAK_SPACE',
	message: 'Expected cells without padding that looks like a blank, found a no-break space at the edge of one',
	signs: [delimiter, '\n', '\r', '"'].flatMap(edge =>
		edge === '' ? [] : [Buffer.from(`${edge}\u00a0`), Buffer.from(`\u00a0${edge}`)],
	),
});

/** The longest sign, but for its last byte. */
const TAIL_BYTES = 4;

export class SpoiltText {
	#wanted: readonly Kind[];
	#found: SpoiltPlace[] = [];
	#offset = 0;
	#tail = Buffer.alloc(0);
	readonly #isUtf8: boolean;
	/** A sign that begins earlier than here may end in the next chunk. */
	#openTo = 0;

	constructor({delimiter, encoding}: Pick<SniffedDialect, 'delimiter' | 'encoding'>) {
		const signs = CONTROLS.filter(code => !delimiter.includes(String.fromCharCode(code))).map(code => Buffer.of(code));
		const message = 'Expected characters that can be seen, found a control character; it is read as text';
		this.#isUtf8 = encoding === 'utf-8';
		const ofUtf8 = this.#isUtf8 ? [...KINDS_OF_UTF8, paddingIn(delimiter)] : [];
		this.#wanted = [{code: 'CONTROL_CHARACTER', message, signs}, ...ofUtf8];
	}

	/** The first one of each kind. */
	get found(): readonly SpoiltPlace[] {
		return this.#found;
	}

	/** @param seen - What the kernel has seen in all chunks; `null` where it does not look. */
	take(chunk: Buffer, seen: SeenBytes | null = null): void {
		const mayBegin = seen === null || seen.hasControl || (this.#isUtf8 && seen.mayHaveOddCharacter);
		if (mayBegin) this.#openTo = this.#offset + chunk.length + TAIL_BYTES;
		if (this.#offset < this.#openTo) this.#search(chunk);
		this.#offset += chunk.length;
		this.#tail = Buffer.concat([this.#tail, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
	}

	#search(chunk: Buffer): void {
		const seam = Buffer.concat([this.#tail, chunk.subarray(0, TAIL_BYTES)]);
		const seamStart = this.#offset - this.#tail.length;
		this.#wanted = this.#wanted.filter(({code, message, signs}) => {
			const inSeam = firstOf(signs, seam);
			const inChunk = inSeam === null ? firstOf(signs, chunk) : null;
			const byteOffset = inSeam === null ? (inChunk === null ? null : this.#offset + inChunk) : seamStart + inSeam;
			if (byteOffset !== null) this.#found.push({code, message, byteOffset});
			return byteOffset === null;
		});
	}
}

function firstOf(signs: readonly Buffer[], bytes: Buffer): number | null {
	let first: number | null = null;
	for (const sign of signs) {
		const [code = 0] = sign;
		const place = sign.length === 1 ? bytes.indexOf(code) : bytes.indexOf(sign);
		if (place !== -1 && (first === null || place < first)) first = place;
	}
	return first;
}
